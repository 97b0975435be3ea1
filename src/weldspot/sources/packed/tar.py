"""A tar, compressed or not, read as a stream: one that is cut off or damaged is never taken for its first half."""

import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import IO, Self

from weldspot.sources.packed.compression import decompressed
from weldspot.sources.packed.piece import Damaged, Piece

ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_LONGEST = 1 << 20  # bytes of a header that has a name or an attribute
_SAID = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_ERRORS = (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, OSError, ValueError)


class _Strict(tarfile.TarInfo):
    """tarfile takes a header that it can't read for the end of the file, and says nothing."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        found = super().frombuf(buf, encoding, errors)
        if found.type in _SAID and found.size > _LONGEST:  # which tarfile reads whole
            raise tarfile.ReadError(f"a header of {found.size} bytes")
        return found

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.HeaderError as error:
            if type(error).__name__ == "EOFHeaderError":  # the mark at the end
                raise
            raise tarfile.ReadError(str(error)) from error


def _reading(content: IO[bytes] | None, count: int) -> Callable[[int], bytes]:
    """A file in a tar, whose damage is found while it is read."""

    def read(size: int) -> bytes:
        try:
            return content.read(size) if content else b""
        except _ERRORS as error:
            raise _damaged(count, error) from error

    return read


def _damaged(count: int, error: Exception) -> Damaged:
    return Damaged(f"damaged or cut off after {count} files ({' '.join(str(error).split())[:120]})")


def pieces(stream: IO[bytes]) -> Iterator[Piece]:
    """The files in order.

    Raises:
        Damaged: it ends early, or is no tar.
    """
    count = 0
    try:
        plain = decompressed(stream)
        with tarfile.open(fileobj=plain, mode="r|", tarinfo=_Strict, encoding="utf-8") as archive:
            while (info := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # it would keep every header
                if info.issym() or info.islnk():
                    yield Piece(info.name, BytesIO().read, info.linkname or "?")
                elif info.isreg():
                    yield Piece(info.name, _reading(archive.extractfile(info), count))
                    count += 1
        while plain.read(1 << 20):
            pass  # to the end, where the checksum of what is compressed stands
    except _ERRORS as error:
        raise _damaged(count, error) from error
