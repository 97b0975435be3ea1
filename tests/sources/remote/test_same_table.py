"""From a store the same canonical table as from a folder; and what DVC sees of a store."""

from pathlib import Path

import exports
import pytest
import yaml

from weldspot.runtime.errors import WeldspotError
from weldspot.stages import fetch, ingest
from weldspot.workspace import Workspace

PHOTOS = exports.PHOTOS | exports.MORE


def ingested(root: Path, **source: object) -> dict[str, bytes]:
    """The table of a source, as files."""
    root.mkdir(exist_ok=True)
    workspace, params = Workspace(root), exports.params(name="folder", **source)
    for folder in ("background", "feedback"):
        (workspace.data / folder).mkdir(parents=True, exist_ok=True)
    fetch.main(workspace, params.select(fetch.Params))
    ingest.main(workspace, params.select(ingest.Params))
    return {path.name: path.read_bytes() for path in workspace.artifact("ingest").iterdir()}


def test_a_folder_and_objects_give_the_same_table(store, tmp_path, monkeypatch):
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    files = exports.voc(PHOTOS)
    exports.unpacked(files, tmp_path / "disk")
    from_disk = ingested(tmp_path / "a", path=str(tmp_path / "disk"))
    assert [name for name in from_disk if name.startswith("images-")]
    assert ingested(tmp_path / "b", path=store.put(files, "table/objects")) == from_disk
    assert list((tmp_path / "b/.weldspot/partial").iterdir()) == []
    provenance = yaml.safe_load((tmp_path / "b/artifacts/fetch/provenance.json").read_text())["export"]
    assert provenance["where"] == "s3://welds/table/objects"
    assert provenance["version"].startswith(f"{len(files)} objects, listing ")


def test_photographs_without_welds_may_lie_in_a_store_too(store, tmp_path):
    exports.unpacked(exports.voc(), tmp_path / "in")
    address = store.put({"wall.jpg": exports.jpeg(exports.scene(9))}, "walls")
    workspace = Workspace(tmp_path)
    params = exports.params(name="folder", path="in", background=address)
    fetch.main(workspace, params.select(fetch.Params))
    assert (workspace.artifact("fetch") / "background.zip").exists()
    with pytest.raises(WeldspotError, match=r"^source\.background: nothing at s3://welds/walls2"):
        fetch.main(workspace, exports.params(name="folder", path="in", background=f"{address}2").select(fetch.Params))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # DVC's own
def test_a_changed_object_makes_fetch_stale(store, tmp_path, monkeypatch):
    from dvc.repo import Repo

    address = store.put({"a.jpg": b"a", "b.jpg": b"b"}, "watched")
    monkeypatch.chdir(tmp_path)
    stage = {"cmd": "echo fetched > out", "deps": ["${source.path}"], "outs": ["out"]}
    (tmp_path / "dvc.yaml").write_text(yaml.safe_dump({"stages": {"fetch": stage}}))
    (tmp_path / "params.yaml").write_text(yaml.safe_dump({"source": {"path": address}}))
    with Repo.init(no_scm=True) as repo:
        repo.reproduce()
        assert repo.status() == {}
        store.put({"b.jpg": b"B"}, "watched")
        assert repo.status() == {"fetch": [{"changed deps": {address: "modified"}}]}
    assert "testing" not in (tmp_path / "dvc.lock").read_text()
