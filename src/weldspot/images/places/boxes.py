"""The boxes of many images, on their way from the ingested picture to what the network sees of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from jaxtyping import Float32, Int, Int32, Int64

from weldspot.images.table import BOX

SIDES = ("xmin", "ymin", "xmax", "ymax")
Placements = Float32[np.ndarray, "n 6"]  # of each image the rows of a 2×3 matrix: pixel there → pixel here
UNMOVED = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def scaled(
    column: pa.ListArray, factors: Float32[np.ndarray, "n 2"], offsets: Float32[np.ndarray, "n 2"]
) -> pa.ListArray:
    """A column of boxes with each image's own factors and offsets (of x and y, in pixels) applied."""
    counts = column.value_lengths().to_numpy()
    found = column.flatten()
    image = np.repeat(np.arange(len(column)), counts)
    sides = []
    for index, side in enumerate(SIDES):
        axis = index % 2
        moved = found.field(side).to_numpy() * factors[image, axis] + offsets[image, axis]
        sides.append(_floats(moved))
    boxes = pa.StructArray.from_arrays([found.field("label"), *sides], fields=list(BOX))
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.Array.from_buffers(pa.int32(), len(starts), [None, pa.py_buffer(starts)]), boxes)


def _floats(values: np.ndarray) -> pa.Array:
    numbers = np.ascontiguousarray(values, np.float32)
    return pa.Array.from_buffers(pa.float32(), len(numbers), [None, pa.py_buffer(numbers)])


@dataclass(frozen=True)
class Boxes:
    """The boxes of n images: those of image i are `start[i]` to `stop[i]` of `classes` and `corners`.

    `corners` (xmin, ymin, xmax, ymax) are pixels of the preprocessed picture, of which image i is the one or a variant
    that is laid down by `placements[i]`. `classes`: columns of the list of classes.
    """

    start: Int64[np.ndarray, " n"]
    stop: Int64[np.ndarray, " n"]
    classes: Int32[np.ndarray, " boxes"]
    corners: Float32[np.ndarray, "boxes 4"]
    placements: Placements

    def __len__(self) -> int:
        return len(self.start)

    def take(self, indices: Int[np.ndarray, " k"]) -> "Boxes":
        """Of the images at these positions."""
        return replace(self, start=self.start[indices], stop=self.stop[indices], placements=self.placements[indices])

    def shapes(self, index: int) -> tuple[Int32[np.ndarray, " m"], Float32[np.ndarray, "m 4 2"]]:
        """Of the m boxes of an image: the class, and the four corners (x, y) in its own pixels, in order around it."""
        rows = slice(int(self.start[index]), int(self.stop[index]))
        left, top, right, bottom = self.corners[rows].T
        around = np.stack([np.stack([left, right, right, left], 1), np.stack([top, top, bottom, bottom], 1)], 2)
        placement = self.placements[index].reshape(2, 3)
        # a placement is of pixels' middles, a corner lies between pixels
        moved = (around - 0.5) @ placement[:, :2].T + placement[:, 2] + 0.5
        return self.classes[rows], moved.astype(np.float32)

    def held(self) -> Int64[np.ndarray, " m"]:
        """Which of all boxes are of these images."""
        spans = np.unique(np.stack([self.start, self.stop], 1), axis=0)  # variants share those of their original
        return np.concatenate([np.arange(start, stop) for start, stop in spans.tolist()] or [np.zeros(0, np.int64)])


def none(n: int) -> Boxes:
    """n images of which nobody said where anything is."""
    nothing = np.zeros(n, np.int64)
    unmoved = np.tile(np.array(UNMOVED, np.float32), (n, 1))
    return Boxes(nothing, nothing, np.zeros(0, np.int32), np.zeros((0, 4), np.float32), unmoved)


def gathered(columns: Sequence[tuple[Int64[np.ndarray, " _"], pa.ChunkedArray]], names: Sequence[str], n: int) -> Boxes:
    """The boxes of n images, unmoved, from pieces of a table.

    Args:
        columns: positions among the n images, and the column of boxes of as many rows, of each piece.
        names: of the classes; boxes of others are left out.
        n: how many images there are.
    """
    start, stop = np.zeros(n, np.int64), np.zeros(n, np.int64)
    classes: list[np.ndarray] = []
    corners: list[np.ndarray] = []
    total = 0
    for positions, column in columns:
        lists = column.combine_chunks()
        found = lists.flatten()
        counts = lists.value_lengths().fill_null(0).to_numpy()
        numbers = found.field("label").dictionary_encode()
        meant = np.array([names.index(one) if one in names else -1 for one in numbers.dictionary.to_pylist()], np.int32)
        of = meant[numbers.indices.to_numpy()] if len(found) else np.zeros(0, np.int32)
        kept = of >= 0
        image = np.repeat(np.arange(len(lists)), counts)[kept]
        ends = total + np.cumsum(np.bincount(image, minlength=len(lists)))
        start[positions] = np.concatenate([[total], ends[:-1]]) if len(ends) else total
        stop[positions] = ends
        total = int(ends[-1]) if len(ends) else total
        classes.append(of[kept])
        corners.append(np.stack([found.field(side).to_numpy()[kept] for side in SIDES], 1))
    if not classes:
        return none(n)
    unmoved = np.tile(np.array(UNMOVED, np.float32), (n, 1))
    return Boxes(start, stop, np.concatenate(classes), np.concatenate(corners).astype(np.float32), unmoved)
