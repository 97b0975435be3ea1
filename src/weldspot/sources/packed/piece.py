"""What lies in a packed file, one piece at a time."""

from collections.abc import Callable
from dataclasses import dataclass


class Damaged(Exception):
    """Why the rest of a packed file can't be read."""


@dataclass(frozen=True)
class Piece:
    """A file in a packed file. `read(size)` gives its next bytes, none at the end, or raises Damaged; it must be read
    before the next piece is asked for. `link`: what a symbolic or hard link points to, "" for a file.
    """

    name: str
    read: Callable[[int], bytes]
    link: str = ""
