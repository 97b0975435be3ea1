"""The local target: model first, manifest last, and no more than two models."""

from pathlib import Path

import pytest
from exported import changed
from exported import export as version

from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.served import ServedManifest
from weldspot.loop.publishing.local import Local
from weldspot.runtime.errors import WeldspotError


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "models").iterdir()}


def test_keeps_this_model_and_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "published"
    target = Local(folder)
    assert target.served() is None
    one, two, three, four = (version(tmp_path, number) for number in "1234")
    before = None
    for file, manifest in (one, two, three, two, four, one):
        assert target.publish(file, manifest)
        assert target.served() == ServedManifest.of(manifest)
        assert (folder / manifest.file).read_bytes() == file.read_bytes()
        expected = {Path(m.file).name for m in (manifest, before) if m}
        assert names(folder) == expected
        before = manifest


def test_there_already_touches_nothing(tmp_path: Path) -> None:
    target = Local(tmp_path / "published")
    file, manifest = version(tmp_path, "1")
    assert target.publish(file, manifest)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "published").rglob("*")}
    assert not target.publish(file, changed(manifest, published="2099-01-01T00:00:00+00:00"))
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "published").rglob("*")} == before


@pytest.mark.parametrize("damage", ["model", "manifest", "gone"])
def test_damage_is_repaired(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "published"
    target = Local(folder)
    file, manifest = version(tmp_path, "1")
    target.publish(file, manifest)
    if damage == "gone":
        (folder / manifest.file).unlink()
    else:
        (folder / (manifest.file if damage == "model" else "manifest.json")).write_bytes(b"{torn")
    with pytest.raises(WeldspotError, match=r"damaged \([^\n]+\); `weldspot publish` writes it anew$"):
        target.served()
    assert target.publish(file, manifest)
    assert (folder / manifest.file).read_bytes() == file.read_bytes()
    assert (folder / "manifest.json").read_bytes() == manifest.json_bytes()


def test_same_file_as_a_newer_version_is_told(tmp_path: Path) -> None:
    target = Local(tmp_path / "published")
    file, manifest = version(tmp_path, "1")
    target.publish(file, manifest)
    assert target.publish(file, changed(manifest, version="2"))
    served = target.served()
    assert isinstance(served, PublishedManifest)
    assert served.version == "2"


def test_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "published").write_text("in the way")
    with pytest.raises(WeldspotError, match="can't be written"):
        Local(tmp_path / "published").publish(*version(tmp_path, "1"))
    (tmp_path / "other" / "manifest.json").mkdir(parents=True)
    with pytest.raises(
        WeldspotError, match=r"manifest\.json: damaged \(Is a directory\); `weldspot publish` writes it anew"
    ):
        Local(tmp_path / "other").served()
