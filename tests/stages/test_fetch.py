import json
from pathlib import Path

import exports
import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.archive import Archive
from weldspot.sources.record import is_image
from weldspot.stages import fetch


@pytest.fixture(autouse=True)
def _in_a_new_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def delivered():
    return {path.name: path.read_bytes() for path in Path("artifacts/fetch").iterdir()}


def test_a_zip_comes_with_provenance_and_twice_the_same():
    Path("in.zip").write_bytes(exports.zipped(exports.voc()))
    exports.unpacked({"wall.jpg": exports.jpeg(exports.scene(9))}, Path("walls"))
    params = exports.params(name="folder", path="in.zip", background="walls")
    fetch.main(params)
    first = delivered()
    fetch.main(params)
    assert delivered() == first
    assert first["export.zip"] == Path("in.zip").read_bytes()
    provenance = json.loads(first["provenance.json"])
    assert provenance["export"]["where"] == "in.zip"
    assert provenance["export"]["licence"] == "CC BY 4.0"
    assert provenance["export"]["bytes"] == len(first["export.zip"])
    assert set(provenance) == {"export", "background"}
    with Archive(Path("artifacts/fetch/background.zip")) as background:
        assert background.names == ("wall.jpg",)


def test_a_changed_folder_is_never_a_silent_old_copy():
    source = exports.unpacked(exports.voc(), Path("in"))
    params = exports.params(name="folder", path="in")
    fetch.main(params)
    before = delivered()
    (source / "train/seam-a_jpg.rf.0a.jpg").write_bytes(exports.jpeg(exports.scene(77)))
    fetch.main(params)
    assert delivered()["export.zip"] != before["export.zip"]
    assert "background.zip" not in before


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"path": "nowhere"}, "source.path: nowhere does not exist"),
        ({"path": "in", "background": "nowhere"}, "source.background: nowhere does not exist"),
        ({"path": "nothing"}, "none of the four layouts"),
    ],
)
def test_what_is_wrong_is_one_line_and_the_last_good_export_stays(source, words):
    exports.unpacked(exports.voc(), Path("in"))
    Path("nothing").mkdir()
    fetch.main(exports.params(name="folder", path="in"))
    before = delivered()
    with pytest.raises(WeldspotError, match=words) as error:
        fetch.main(exports.params(name="folder", **source))
    assert "\n" not in str(error.value)
    assert delivered() == before
    assert [path.name for path in Path("artifacts").iterdir()] == ["fetch"]


def test_the_sample_is_rendered_with_its_parameters():
    fetch.main(exports.params(name="sample", images=30, size=96, seed=3))
    first = delivered()
    with Archive(Path("artifacts/fetch/export.zip")) as archive:
        assert sum(is_image(name) for name in archive.names) == 30
    assert "seed 3" in json.loads(first["provenance.json"])["export"]["version"]
    assert sorted(first) == ["export.zip", "provenance.json"]
    fetch.main(exports.params(name="sample", images=30, size=96, seed=4))
    assert delivered()["export.zip"] != first["export.zip"]
