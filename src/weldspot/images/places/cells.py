"""Which cells of a map lie in a box of a class: what a map is taught by, and what it is held against."""

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Int, UInt8

from weldspot.images.places.boxes import Boxes

OUTSIDE, INSIDE, UNKNOWN = 0, 1, 255
_FINE = 4  # samples along a side of a cell
_SHIFT = 4  # bits of a sample's fraction that OpenCV draws with


def cells(
    boxes: Boxes,
    rows: Int[np.ndarray, " k"],
    labels: UInt8[np.ndarray, "k classes"],
    size: tuple[int, int],
    grid: tuple[int, int],
    turns: Int[np.ndarray, " k"] | None = None,
) -> UInt8[np.ndarray, "k rows columns classes"]:
    """Of each image and class INSIDE, OUTSIDE or UNKNOWN, cell by cell.

    A cell is inside a class where its middle lies in one of its boxes; where all are too small for that, the cells
    around their middles are. Else a cell that a box touches is its edge, which nobody drew to the pixel: unknown.
    A class that is labelled without a box may be anywhere: unknown everywhere. One that is not labelled is nowhere.

    Args:
        boxes: of all images.
        rows: the positions of k among them.
        labels: theirs.
        size: height and width of the pictures in pixels.
        grid: rows and columns of the map.
        turns: how each is laid down beside its placement, as in `images.feed.turned`.
    """
    found = np.zeros((len(rows), *grid, labels.shape[1]), np.uint8)
    scale = np.array([grid[1] / size[1], grid[0] / size[0]], np.float32)
    for index, row in enumerate(rows.tolist()):
        classes, shapes = boxes.shapes(row)
        if turns is not None:
            shapes = turned(shapes, size, int(turns[index]))
        for column in np.unique(classes).tolist():
            found[index, :, :, column] = _covered(shapes[classes == column] * scale, grid)
        unplaced = labels[index].astype(bool)
        unplaced[classes] = False
        found[index, :, :, unplaced] = UNKNOWN
    return found


def _covered(shapes: Float32[np.ndarray, "m 4 2"], grid: tuple[int, int]) -> UInt8[np.ndarray, "rows columns"]:
    """Of one class; `shapes` in cells."""
    samples = np.zeros((grid[0] * _FINE, grid[1] * _FINE), np.uint8)
    # a sample stands for the place in its middle, so that a box from 0 to 1 is one sample
    for shape in np.round((shapes * _FINE - 0.5) * (1 << _SHIFT)).astype(np.int32):
        cv2.fillConvexPoly(samples, shape, 1, cv2.LINE_8, _SHIFT)
    touched = samples.reshape(grid[0], _FINE, grid[1], _FINE).any((1, 3))
    cover = np.where(touched, UNKNOWN, OUTSIDE).astype(np.uint8)
    inside = _holds(shapes, grid)
    if not inside.any():
        middles = np.floor(shapes.mean(1)).astype(int)
        middles = middles[((middles >= 0) & (middles < [grid[1], grid[0]])).all(1)]
        inside[middles[:, 1], middles[:, 0]] = True
    cover[inside] = INSIDE
    return cover


def _holds(shapes: Float32[np.ndarray, "m 4 2"], grid: tuple[int, int]) -> Bool[np.ndarray, "rows columns"]:
    """Whether the middle of a cell lies in one of the shapes, which are parallelograms."""
    origin, one, other = shapes[:, 0], shapes[:, 1] - shapes[:, 0], shapes[:, 3] - shapes[:, 0]
    area = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    y, x = np.mgrid[: grid[0], : grid[1]] + 0.5
    found = np.zeros(grid, bool)
    for (left, top), (ax, ay), (bx, by), size in zip(origin, one, other, area, strict=True):
        if size:
            along = ((x - left) * by - (y - top) * bx) / size
            across = ((y - top) * ax - (x - left) * ay) / size
            found |= (along >= 0) & (along <= 1) & (across >= 0) & (across <= 1)
    return found


def turned(shapes: Float32[np.ndarray, "m 4 2"], size: tuple[int, int], turn: int) -> Float32[np.ndarray, "m 4 2"]:
    """Corners (x, y) in a square picture that is laid down as `images.feed.turned` does it."""
    side = float(size[0])
    x, y = shapes[..., 0], shapes[..., 1]
    if turn >= 4:
        x = side - x
    for _ in range(turn % 4):  # a quarter to the left
        x, y = y, side - x
    return np.stack([x, y], -1).astype(np.float32)
