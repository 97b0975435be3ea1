"""Lines as they are, and no more of them than an export can have."""

from pathlib import Path

import exports
import pytest

from weldspot.sources import archive as module
from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts import lines as reader


def read(path: Path, data: bytes) -> list[str]:
    (path / "in.zip").write_bytes(exports.zipped({"a.csv": data}))
    with Archive(path / "in.zip") as archive:
        return list(reader.lines(archive, "a.csv"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", ["", "a", "a\nb\n", "a\r\nü\r\n", "a\rb", '"a\nb",1\n'])
def test_they_are_those_of_the_text(tmp_path: Path, text: str, encoding: str) -> None:
    assert read(tmp_path, text.encode(encoding)) == text.splitlines(keepends=True)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnicodeDecodeError):
        read(tmp_path, b"a\n\xff\xff\n")


def test_neither_too_many_nor_too_long_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SAID", 10)
    monkeypatch.setattr(module, "_SAID_OF_EACH", 2)
    monkeypatch.setattr(reader, "_LONGEST", 20)
    assert len(read(tmp_path, b"a\n" * 12)) == 12
    with pytest.raises(BadMember, match="more than 12 lines"):
        read(tmp_path, b"a\n" * 13)
    with pytest.raises(BadMember, match="a line of more than 20 letters"):
        read(tmp_path, b"a" * 30)
