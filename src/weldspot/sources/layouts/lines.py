"""The lines of a text of any size, one in memory; neither more of them nor longer ones than an export can have."""

import io
from collections.abc import Iterator
from typing import IO, cast

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.text import encoding

_LONGEST = 1 << 25  # letters: a brush stroke is long


def lines(archive: Archive, name: str) -> Iterator[str]:
    """Each line with its end.

    Raises:
        BadMember: it can't be read, has more lines than `most_said` of the archive, or one that is too long.
        UnicodeDecodeError: it is no text.
    """
    with archive.open(name) as stream:
        buffered = io.BufferedReader(cast(io.RawIOBase, _Readable(stream)))
        text = io.TextIOWrapper(buffered, encoding(buffered.peek(4)), newline="")
        for _ in range(archive.most_said):
            line = text.readline(_LONGEST)
            if not line:
                return
            if len(line) == _LONGEST:
                raise BadMember(f"has a line of more than {_LONGEST} letters")
            yield line
        if text.read(1):
            raise BadMember(
                f"has more than {archive.most_said} lines, ten thousand and a thousand for each of the export's files"
            )


class _Readable(io.RawIOBase):
    """What `io.BufferedReader` wants of a stream; closing it leaves the stream open."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
