"""A zip that is written over several runs: a kill loses the object that was being written, and nothing before it.

Beside it lies a journal, a line for each object that is in it whole. Whoever opens it again believes a line only when
the bytes that it tells of have their checksums.
"""

import json
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from weldspot.sources.packed.unpack import EPOCH
from weldspot.sources.remote.store import Item

_BLOCK = 1 << 20
_KEPT = ("external_attr", "header_offset", "CRC", "file_size", "create_version", "extract_version")


@dataclass(frozen=True)
class _Mark:
    """Where an object ends: in the zip, in the list of its members, and in the journal."""

    item: list[str]
    end: int
    members: int
    line: int


class GrowingZip:
    """The zip at `path`, gone on with if it is there; `close` writes its directory, then it is as any other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        unshare(path)
        self._file: IO[bytes] = path.open("r+b" if path.exists() else "w+b")
        journal = path.with_suffix(".jsonl")
        self._journal: IO[bytes] = journal.open("r+b" if journal.exists() else "w+b")
        self._members: list[zipfile.ZipInfo] = []
        self._marks = list(self._believed())
        self.keep(len(self._marks))

    def holds(self, number: int, item: Item) -> bool:
        """Whether the object of this number is this one, in this version."""
        return number < len(self._marks) and self._marks[number].item == _named(item)

    def keep(self, count: int) -> None:
        """Takes out all objects from the number `count` on, and what is behind the last one."""
        self._marks = self._marks[:count]
        last = self._marks[-1] if self._marks else _Mark([], 0, 0, 0)
        for file, end in ((self._file, last.end), (self._journal, last.line)):
            file.truncate(end)
            file.seek(end)
        self.zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        del self._members[last.members :]
        self.zip.filelist.extend(self._members)
        self.zip.NameToInfo.update((info.filename, info) for info in self._members)

    def add(self, item: Item, content: IO[bytes] | None) -> None:
        """A file with its content, or a hidden folder without."""
        info = zipfile.ZipInfo(item.name.encode("utf-8", "backslashreplace").decode(), EPOCH)
        info.create_system = 3  # Unix, as `archive.pack` writes it: the bytes are to be the same
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        if content is None:
            self.zip.writestr(info, b"")
            return
        info.file_size = item.size
        with self.zip.open(info, "w") as member:
            shutil.copyfileobj(content, member, _BLOCK)

    def mark(self, item: Item) -> None:
        """What was written since the last mark is the whole of this object."""
        new = self.zip.filelist[len(self._members) :]
        self._members += new
        self._file.seek(self.zip.start_dir)
        self._file.flush()
        told = {"item": _named(item), "end": self.zip.start_dir, "members": [_told(info) for info in new]}
        self._journal.write(json.dumps(told).encode() + b"\n")
        self._journal.flush()
        self._marks.append(_Mark(_named(item), self.zip.start_dir, len(self._members), self._journal.tell()))

    def close(self) -> None:
        """Writes the directory; the journal stays until the zip has been put where it belongs."""
        self.zip.close()
        self._file.close()
        self._journal.close()

    def abandon(self) -> None:
        """Leaves it as it is, for another run."""
        self.zip.fp = None  # it would write a directory when it is deleted
        self._file.close()
        self._journal.close()

    def _believed(self) -> Iterator[_Mark]:
        """The lines up to the first that is cut off, or tells of other bytes than there are."""
        for line in iter(self._journal.readline, b""):
            try:
                told = json.loads(line)
                item, end = [str(part) for part in told["item"]], int(told["end"])
                members = [_member(entry) for entry in told["members"]]
            except (ValueError, KeyError, TypeError, AttributeError):
                return
            if not all(self._is_whole(info) for info in members):
                return
            self._members += members
            yield _Mark(item, end, len(self._members), self._journal.tell())

    def _is_whole(self, info: zipfile.ZipInfo) -> bool:
        wanted = info.FileHeader()
        self._file.seek(info.header_offset)
        if self._file.read(len(wanted)) != wanted:
            return False
        crc, left = 0, info.file_size
        while left and (block := self._file.read(min(_BLOCK, left))):
            crc, left = zlib.crc32(block, crc), left - len(block)
        return not left and crc == info.CRC


def unshare(path: Path) -> None:
    """Gives a file bytes of its own where it is one with another, such as what a killed run has delivered already."""
    if path.exists() and path.stat().st_nlink > 1:
        copy = path.with_name(f"{path.name}.own")
        shutil.copyfile(path, copy)
        copy.replace(path)


def _named(item: Item) -> list[str]:
    return [item.name, item.version, str(item.size)]


def _told(info: zipfile.ZipInfo) -> list[str | int]:
    return [info.filename, *(int(getattr(info, field)) for field in _KEPT)]


def _member(told: list[str | int]) -> zipfile.ZipInfo:
    name, *values = told
    info = zipfile.ZipInfo(str(name), EPOCH)
    info.create_system = 3
    for field, value in zip(_KEPT, values, strict=True):
        setattr(info, field, int(value))
    info.compress_size = info.file_size
    return info
