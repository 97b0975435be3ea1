"""XML as a stream whose parser must get on: of one endless name or value it would read all again with every piece."""

from typing import IO

_LONGEST = 4 << 20  # bytes without an element: the outlines of a picture's objects are hundreds of kilobytes


class Paced:
    """The stream; raises ValueError when so much has been read since `go_on`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._stream.read(size)
        self._since += len(data)
        if self._since > _LONGEST:
            raise ValueError(f"an element of more than {_LONGEST} bytes")
        return data

    def go_on(self) -> None:
        """An element has begun or ended."""
        self._since = 0
