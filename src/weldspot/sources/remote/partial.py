"""One large object on its way: what has arrived of it stays for the next run, as long as the object is the same."""

import hashlib
import json
from io import BufferedReader
from pathlib import Path

from weldspot.sources.remote.pieces import Piece
from weldspot.sources.remote.store import Item

_NAME = 100  # characters of a file's name that count: what it holds is told by its ending


class Partial:
    """The object in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._note = folder, folder / "note.json"
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, item: Item) -> Path:
        """Where the bytes gather, by the object's own name."""
        return self._folder / "object" / item.path.split("?")[0].rpartition("/")[2][-_NAME:]

    def arrived(self, item: Item) -> int:
        """How many bytes of this very object are here."""
        try:
            same = json.loads(self._note.read_text()) == _noted(item)
            return min(self.path(item).stat().st_size, item.size) if same else 0
        except (OSError, ValueError):
            return 0

    def append(self, piece: Piece) -> None:
        """Writes a piece where it belongs; the first one takes the place of any other object."""
        path = self.path(piece.item)
        if not self.arrived(piece.item):
            self.drop()
            path.parent.mkdir(parents=True)
            path.touch()
            self._note.write_text(json.dumps(_noted(piece.item)))
        with path.open("r+b") as file:
            file.seek(piece.start)
            file.write(piece.data)

    def md5(self, item: Item) -> str:
        """Of what is here."""
        with self.open(item) as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()

    def open(self, item: Item) -> BufferedReader:
        """What is here, to be read."""
        return self.path(item).open("rb")

    def drop(self) -> None:
        """Deletes what is here."""
        self._note.unlink(missing_ok=True)
        for path in (self._folder / "object").glob("*"):
            path.unlink()
        if (self._folder / "object").exists():
            (self._folder / "object").rmdir()


def _noted(item: Item) -> list[str]:
    return [item.path, item.version, str(item.size)]
