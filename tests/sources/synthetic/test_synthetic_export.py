"""The rendered sample as the zip that a vendor would have handed out."""

import hashlib
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from weld_classes import CLASSES, WELD

from weldspot.sources.synthetic import Rendered, render, write_export
from weldspot.sources.synthetic.scene import shot

SEED = 7


def test_export_is_the_same_zip_for_one_and_two_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = []
    for workers in ("1", "2"):
        monkeypatch.setenv("WELDSPOT_WORKERS", workers)
        summary = write_export(tmp_path / workers, images=42, size=96, seed=3, classes=WELD)
        assert summary == {"images": 42, "groups": len({shot(3, i).scene for i in range(42)})}
        assert [path.name for path in (tmp_path / workers).iterdir()] == ["export.zip"]
        digests.append(hashlib.sha256((tmp_path / workers / "export.zip").read_bytes()).hexdigest())
    assert digests[0] == digests[1]


def test_export_is_a_vendor_style_voc_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    write_export(tmp_path, images=30, size=96, seed=SEED, classes=WELD)
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        names = archive.namelist()
        assert b"rendered" in archive.read("README.dataset.txt").lower()
        pictures = [name for name in names if name.endswith(".jpg")]
        assert len(set(names)) == len(names) == 1 + 2 * 30
        seen = set()
        for picture in pictures:
            root = ET.fromstring(archive.read(picture[:-4] + ".xml"))
            assert root.findtext("filename") == picture.removeprefix("train/")
            assert root.findtext("size/width") == "96"
            seen |= {element.text for element in root.iterfind("object/name")}
        assert "Spatters" in seen  # as the vendor spells it
        assert {WELD.canonical(name or "") for name in seen} == set(CLASSES)


def test_a_failed_export_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(seed: int, index: int, size: int) -> Rendered:
        if index == 25:
            raise MemoryError("no room")
        return render(seed, index, size)

    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    monkeypatch.setattr("weldspot.sources.synthetic.export.render", failing)
    with pytest.raises(MemoryError, match="no room"):
        write_export(tmp_path, images=30, size=96, seed=SEED, classes=WELD)
    assert list(tmp_path.iterdir()) == []
