"""What lies in a packed file, one piece at a time."""

from dataclasses import dataclass
from typing import Protocol


class Damaged(Exception):
    """Why the rest of a packed file can't be read."""


class Content(Protocol):
    """Bytes that are read once."""

    def read(self, size: int, /) -> bytes:
        """The next `size` bytes or fewer, none at the end; raises Damaged."""


@dataclass(frozen=True)
class Piece:
    """A file in a packed file; its `content` must be read before the next piece is asked for. `link`: what a symbolic
    or hard link points to, "" for a file.
    """

    name: str
    content: Content
    link: str = ""
