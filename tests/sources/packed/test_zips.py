"""A zip is opened, or refused in one line."""

import io
import zipfile
from pathlib import Path

import pytest

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.packed import zips


def written(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def test_a_whole_one_is_opened(tmp_path: Path) -> None:
    with zips.opened(written(tmp_path / "a.zip", ("a", b"x"), ("b", b"y"))) as found:
        assert found.read("b") == b"y"
        assert zips.over_each_other(found) == set()


def test_one_that_would_be_too_large_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.zip", ("a", bytes(3_000_000)))
    zips.opened(path).close()
    monkeypatch.setattr(zips, "_SLACK", 1000)
    with pytest.raises(WeldspotError, match=r"mine: would unpack to 0\.0 GB, more than .*; remove what is so large"):
        zips.opened(path, "mine")


def test_every_table_with_a_byte_changed_is_opened_or_one_line(tmp_path: Path) -> None:
    whole = written(tmp_path / "a.zip", ("a/ä.jpg", b"x"), ("b", b"y")).read_bytes()
    refused = 0
    for at in range(whole.index(b"PK\1\2"), len(whole)):
        for value in (0, 64, 255):
            (tmp_path / "b.zip").write_bytes(whole[:at] + bytes([value]) + whole[at + 1 :])
            try:
                zips.opened(tmp_path / "b.zip").close()
            except WeldspotError as error:
                refused += 1
                said = str(error)
                if "\n" in said or ("not a whole zip" not in said and "would unpack" not in said):
                    pytest.fail(said)
    assert refused > 20


def test_members_that_share_bytes_are_named(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a", b"x" * 50)
        archive.writestr("b", b"y" * 50)
        archive.writestr("c", b"z" * 50)
        archive.filelist[1].header_offset = archive.filelist[0].header_offset
        assert zips.over_each_other(archive) == {"a", "b"}


def test_one_that_is_not_there_is_for_others_to_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        zips.opened(tmp_path / "none.zip")
