"""Fingerprints in a file, for as many pictures as there are: read in blocks, or some rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from weldspot.images.scenes.fingerprint import DIMENSIONS

BLOCK = 4096  # rows: 16 MB
_ROW_BYTES = 4 * DIMENSIONS


@dataclass(frozen=True)
class PrintFile:
    """Rows of 1024 float32, one a picture, and nothing else.

    Its pages would count as memory of every process that keeps it mapped, so who looks at all of it reads blocks.
    """

    path: Path

    def __len__(self) -> int:
        return self.path.stat().st_size // _ROW_BYTES

    def append(self, prints: Iterable[Float[np.ndarray, " 1024"]]) -> None:
        """Writes rows behind those that are there; makes the file."""
        with self.path.open("ab") as stream:
            for row in prints:
                stream.write(np.ascontiguousarray(row, np.float32).tobytes())

    def blocks(self) -> Iterator[tuple[int, Float[np.ndarray, "n 1024"]]]:
        """(number of the first row, rows), all rows in order."""
        for start in range(0, len(self), BLOCK):
            flat = np.fromfile(self.path, np.float32, BLOCK * DIMENSIONS, offset=start * _ROW_BYTES)
            yield start, flat.reshape(-1, DIMENSIONS)

    def rows(self, numbers: Sequence[int] | Int[np.ndarray, " k"]) -> Float[np.ndarray, "k 1024"]:
        """These rows, in this order."""
        if not len(numbers):
            return np.zeros((0, DIMENSIONS), np.float32)
        return np.array(self.mapped()[np.asarray(numbers)])

    def mapped(self) -> Float[np.ndarray, "n 1024"]:
        """All rows, read where they are looked at; what has been read stays in memory as long as this does."""
        return np.memmap(self.path, np.float32, "r", shape=(len(self), DIMENSIONS)) if len(self) else self.rows([])

    def reordered(self, order: Sequence[int], path: Path) -> "PrintFile":
        """A copy at `path` whose row k is row order[k] of this one."""
        path.unlink(missing_ok=True)
        copy = PrintFile(path)
        copy.append([])
        for start in range(0, len(order), BLOCK):
            copy.append(self.rows(order[start : start + BLOCK]))
        return copy
