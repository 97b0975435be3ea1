"""Which files of an export hold others, and what they hold, written into the export's zip in their place."""

import stat
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import IO

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.packed import parquet, tar, tfrecord
from weldspot.sources.packed.piece import Damaged

_HEAD = 12  # bytes that tell
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold
LARGEST = 256 * 1024 * 1024  # bytes of a member that is read whole
_LARGEST_STREAMED = 8 * 1024**3  # of annotations of a whole data set, which are read bit by bit
_STREAMED = (".json", ".csv", ".xml")
_BLOCK = 1 << 20


def is_packed(name: str, stream: IO[bytes]) -> bool:
    """Whether a file of this name holds others; it is read, and wound back to its beginning."""
    head = stream.read(_HEAD)
    stream.seek(0)
    if name.lower().endswith(tar.ENDINGS) or tfrecord.is_tfrecord(name, head):
        return True
    if not name.lower().endswith(".parquet") or not head.startswith(b"PAR1"):
        return False
    found = parquet.holds_images(stream)
    stream.seek(0)
    return found


def _form(name: str) -> ModuleType:
    if name.lower().endswith(tar.ENDINGS):
        return tar
    return parquet if name.lower().endswith(".parquet") else tfrecord


def longest(name: str) -> int:
    """How many bytes a member of this name may have."""
    return _LARGEST_STREAMED if name.lower().endswith(_STREAMED) else LARGEST


def unpack(name: str, stream: IO[bytes], target: zipfile.ZipFile) -> None:
    """Writes what a packed file holds into a zip, in the folder `name`; one piece at a time is in memory, or less.

    Raises:
        WeldspotError: it is damaged.
    """
    try:
        for piece in _form(name).pieces(stream):
            inside = piece.name.removeprefix("./").lstrip("/")
            write(target, f"{name}/{inside}", piece.read, piece.link)
    except Damaged as error:
        raise WeldspotError(f"{name}: {error}; get it again, or remove it") from error


def unpack_within(archive: Path) -> None:
    """Adds to a zip what the tars and TFRecords in it hold.

    Raises:
        WeldspotError: one is damaged.
    """
    for info in packed_within(archive):
        # what is added lies behind the members, where the table that is open here was
        with zipfile.ZipFile(archive) as source, source.open(info) as member, zipfile.ZipFile(archive, "a") as target:
            unpack(info.filename.replace("\\", "/"), member, target)


def packed_within(archive: Path) -> list[zipfile.ZipInfo]:
    """The members of a zip that hold others."""
    with zipfile.ZipFile(archive) as source:
        return [info for info in source.infolist() if not info.is_dir() and _is_packed_member(source, info)]


def _is_packed_member(source: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    try:
        with source.open(info) as member:
            return is_packed(info.filename.replace("\\", "/"), member)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        return False


def write(target: zipfile.ZipFile, name: str, read: Callable[[int], bytes], link: str = "") -> None:
    """One member, stored, with a fixed date; of a link where it points to, so that a reader sees and rejects it.

    Of a file that is too large to be read only so much goes in that a reader rejects it for that.
    """
    info = zipfile.ZipInfo(name.encode("utf-8", "backslashreplace").decode(), EPOCH)
    info.create_system = 3  # Unix, whatever packs it
    info.external_attr = ((stat.S_IFLNK if link else stat.S_IFREG) | 0o644) << 16
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name that stands twice is rejected where it is read
        if link:
            target.writestr(info, link.encode("utf-8", "backslashreplace"))
            return
        with target.open(info, "w", force_zip64=True) as member:
            left = longest(name) + 1
            while left and (block := read(min(_BLOCK, left))):
                member.write(block)
                left -= len(block)
