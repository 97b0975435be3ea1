"""Which files of an export hold others, and what they hold, written into the export's zip in their place."""

import stat
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import IO

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.packed import parquet, tar, tfrecord, zips
from weldspot.sources.packed.piece import Damaged

_HEAD = 12  # bytes that tell
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold
LARGEST = 256 * 1024 * 1024  # bytes of a member that is read whole
_LARGEST_STREAMED = 8 * 1024**3  # of annotations of a whole data set, which are read bit by bit
_STREAMED = (".json", ".csv", ".xml")
_BLOCK = 1 << 20
_PIECE = 200  # bytes that a member costs in the zip beside its own


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


def unpack(name: str, stream: IO[bytes], target: zipfile.ZipFile, size: int) -> None:
    """Writes what a packed file holds into a zip, in the folder `name`; one piece at a time is in memory, or less.

    Args:
        name: What it is called.
        stream: Its bytes.
        target: The zip.
        size: How many bytes it has, compressed: what may come of it has a bound.

    Raises:
        WeldspotError: it is damaged, or holds more than a file of its size can.
    """
    left = zips.allowance(size)
    try:
        for piece in _form(name).pieces(stream):
            inside = piece.name.removeprefix("./").lstrip("/")
            left -= _PIECE + write(target, f"{name}/{inside}", piece.read, piece.link)
            if left < 0:
                raise Damaged(f"holds more than {zips.allowance(size) / 1e9:.1f} GB, which no file of its size should")
    except Damaged as error:
        raise WeldspotError(f"{name}: {error}; get it again, or remove it") from error
    except WeldspotError:
        raise
    except Exception as error:  # of a damaged file its reader raises anything
        if isinstance(error, OSError) and error.errno is not None:  # of the disk
            raise
        said = " ".join(str(error).split())[:120] or type(error).__name__
        raise WeldspotError(f"{name}: damaged ({said}); get it again, or remove it") from error


def unpack_within(archive: Path, shown: str = "") -> None:
    """Adds to a zip what the tars and TFRecords in it hold; messages call it `shown`.

    Raises:
        WeldspotError: it is no whole zip, or one of them is damaged.
    """
    for info in packed_within(archive, shown):
        name = info.filename.replace("\\", "/")
        # what is added lies behind the members, where the table that is open here was
        with (
            zips.opened(archive, shown) as source,
            _member(source, info) as member,
            zipfile.ZipFile(archive, "a") as target,
        ):
            unpack(name, member, target, info.compress_size)


def packed_within(archive: Path, shown: str = "") -> list[zipfile.ZipInfo]:
    """The members of a zip that hold others; raises as `zips.opened` does."""
    with zips.opened(archive, shown) as source:
        return [info for info in source.infolist() if not info.is_dir() and _is_packed_member(source, info)]


def _is_packed_member(source: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    try:
        with source.open(info) as member:
            return is_packed(info.filename.replace("\\", "/"), member)
    except Exception:  # of a damaged member the reader raises anything; who reads it whole says so
        return False


@contextmanager
def _member(source: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """A member's bytes; what is wrong with it as a WeldspotError."""
    try:
        with source.open(info) as member:
            yield member
    except WeldspotError:
        raise
    except OSError as error:
        if error.errno is not None:  # of the disk that it is unpacked to
            raise
        raise WeldspotError(f"{info.filename}: damaged in the zip; get it again, or remove it") from error
    except Exception as error:  # of a damaged member the reader raises anything
        raise WeldspotError(f"{info.filename}: damaged in the zip; get it again, or remove it") from error


def write(target: zipfile.ZipFile, name: str, read: Callable[[int], bytes], link: str = "") -> int:
    """One member, stored, with a fixed date; of a link where it points to, so that a reader sees and rejects it.

    Returns how many bytes it has.
    Of a file that is too large to be read only so much goes in that a reader rejects it for that.
    """
    info = zipfile.ZipInfo(name.encode("utf-8", "backslashreplace").decode(), EPOCH)
    info.create_system = 3  # Unix, whatever packs it
    info.external_attr = ((stat.S_IFLNK if link else stat.S_IFREG) | 0o644) << 16
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name that stands twice is rejected where it is read
        if link:
            target.writestr(info, link.encode("utf-8", "backslashreplace"))
            return len(link)
        with target.open(info, "w", force_zip64=True) as member:
            left = longest(name) + 1
            while left and (block := read(min(_BLOCK, left))):
                member.write(block)
                left -= len(block)
            return longest(name) + 1 - left
