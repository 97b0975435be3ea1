"""A stream as it was before it was compressed, with every checksum looked at."""

import bz2
import gzip
import lzma
from typing import IO, cast


def decompressed(stream: IO[bytes]) -> IO[bytes]:
    """What a gzip, bzip2 or xz stream holds, or the stream itself; known by its first bytes."""
    whole = _Rejoined(stream.read(6), stream)
    if whole.head.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=cast(IO[bytes], whole)))
    if whole.head.startswith(b"BZh"):
        return cast(IO[bytes], bz2.BZ2File(cast(IO[bytes], whole)))
    if whole.head.startswith(b"\xfd7zXZ\0"):
        return cast(IO[bytes], lzma.LZMAFile(cast(IO[bytes], whole)))
    return cast(IO[bytes], whole)


class _Rejoined:
    """A stream of which the first bytes have been read."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self.head, self._rest = head, rest

    def read(self, size: int = -1, /) -> bytes:
        if not self.head:
            return self._rest.read(size)
        head = self.head if size < 0 else self.head[:size]
        self.head = self.head[len(head) :]
        return head + (self._rest.read(size - len(head) if size >= 0 else -1) if size != len(head) else b"")

    def seekable(self) -> bool:
        return False
