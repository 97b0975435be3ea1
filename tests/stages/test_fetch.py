"""The export as delivered, and where it came from."""

import json

import exports
import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.archive import Archive
from weldspot.sources.record import is_image
from weldspot.stages import fetch
from weldspot.workspace import Workspace


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace(tmp_path)


def run(workspace: Workspace, **source: object) -> None:
    fetch.main(workspace, exports.params(**source).select(fetch.Params))


def delivered(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in workspace.artifact("fetch").iterdir()}


def test_a_zip_comes_with_provenance_and_twice_the_same(workspace):
    (workspace.root / "in.zip").write_bytes(exports.zipped(exports.voc()))
    exports.unpacked({"wall.jpg": exports.jpeg(exports.scene(9))}, workspace.root / "walls")
    run(workspace, name="folder", path="in.zip", background="walls")
    first = delivered(workspace)
    run(workspace, name="folder", path="in.zip", background="walls")
    assert delivered(workspace) == first
    assert first["export.zip"] == (workspace.root / "in.zip").read_bytes()
    provenance = json.loads(first["provenance.json"])
    assert provenance["export"]["where"] == "in.zip"
    assert provenance["export"]["licence"] == "CC BY 4.0"
    assert provenance["export"]["bytes"] == len(first["export.zip"])
    assert set(provenance) == {"export", "background"}
    with Archive(workspace.artifact("fetch") / "background.zip") as background:
        assert background.names == ("wall.jpg",)


def test_a_changed_folder_is_never_a_silent_old_copy(workspace):
    source = exports.unpacked(exports.voc(), workspace.root / "in")
    run(workspace, name="folder", path="in")
    before = delivered(workspace)
    (source / "train/seam-a_jpg.rf.0a.jpg").write_bytes(exports.jpeg(exports.scene(77)))
    run(workspace, name="folder", path="in")
    assert delivered(workspace)["export.zip"] != before["export.zip"]
    assert "background.zip" not in before


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"path": "nowhere"}, r"^source\.path: .*nowhere does not exist"),
        ({"path": "in", "background": "nowhere"}, r"^source\.background: .*nowhere does not exist"),
        ({"path": "nothing"}, "no image in it, nor any other file"),
    ],
)
def test_what_is_wrong_is_one_line_and_the_last_good_export_stays(workspace, source, words):
    exports.unpacked(exports.voc(), workspace.root / "in")
    (workspace.root / "nothing").mkdir()
    run(workspace, name="folder", path="in")
    before = delivered(workspace)
    with pytest.raises(WeldspotError, match=words) as error:
        run(workspace, name="folder", **source)
    assert "\n" not in str(error.value)
    assert delivered(workspace) == before
    assert [path.name for path in workspace.artifact("fetch").parent.iterdir()] == ["fetch"]


def test_the_sample_is_rendered_with_its_parameters(workspace):
    run(workspace, name="sample", images=30, size=96, seed=3)
    first = delivered(workspace)
    with Archive(workspace.artifact("fetch") / "export.zip") as archive:
        assert sum(is_image(name) for name in archive.names) == 30
    assert "seed 3" in json.loads(first["provenance.json"])["export"]["version"]
    assert sorted(first) == ["export.zip", "provenance.json"]
    run(workspace, name="sample", images=30, size=96, seed=4)
    assert delivered(workspace)["export.zip"] != first["export.zip"]
