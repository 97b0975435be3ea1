"""A JSON file is told by its beginning."""

from pathlib import Path

import exports
import pytest
import writers

from weldspot.sources.archive import Archive
from weldspot.sources.layouts.json_files import kinds
from weldspot.sources.layouts.registry import LAYOUTS
from weldspot.sources.members import look


def of(path: Path, files: dict[str, bytes]) -> dict[str, str]:
    (path / "in.zip").write_bytes(exports.zipped(files))
    with Archive(path / "in.zip") as archive:
        found = {name: kinds.kind(archive, name) for name in files if name.endswith(".json")}
        members = look(archive.names, archive.head)
        for kind in set(found.values()):
            assert kinds.of_kind(archive, members, kind) == [name for name in sorted(found) if found[name] == kind]
        return found


@pytest.mark.parametrize("name", [name for name, (layout, _) in writers.FORMATS.items() if "CSV" not in name])
def test_each_format_is_known(tmp_path: Path, name: str) -> None:
    layout, write = writers.FORMATS[name]
    assert set(of(tmp_path, write(writers.photos(4))).values()) <= {LAYOUTS[layout].TITLE}


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff\xfe", b'{"name": "package", "version": "1"}', b"not JSON"])
def test_other_json_is_none(tmp_path: Path, data: bytes) -> None:
    assert of(tmp_path, {"a.json": data, "a.jpg": b"x"}) == {"a.json": ""}


def test_it_is_known_though_a_letter_is_broken_or_cut_off(tmp_path: Path) -> None:
    whole = '{"images": [], "categories": [{"id": 1, "name": "Öl"}]'.encode()
    assert of(tmp_path, {"a.json": whole.replace(b"l", b"\xff"), "b.json": whole + b"\xc3"}) == {
        "a.json": "COCO", "b.json": "COCO"
    }  # fmt: skip
