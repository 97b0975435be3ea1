"""Hard negatives: Background crops of weld photographs, from where no box is."""

from collections.abc import Sequence

import numpy as np

from weldspot.images.ingestion.boxes import touches
from weldspot.sources.record import Box

MARGIN = 0.1  # annotators draw boxes tightly: a weld's edge looks out of its box
_STEPS = 4  # positions tried in one crop's side, in each direction

Region = tuple[int, int, int, int]  # xmin, ymin, xmax, ymax in pixels


def background_regions(
    image_id: str, size: tuple[int, int], boxes: Sequence[Box], count: int, side: float, min_side: int
) -> list[Region]:
    """Squares that meet no box nor each other, at places that depend on the image's id alone.

    Args:
        image_id: In hex.
        size: Width and height of the image in pixels.
        boxes: Of the image; without any there is nothing to cut from.
        count: The most squares wanted.
        side: A square's, as a share of the image's shorter side.
        min_side: A square's smallest side in pixels.
    """
    edge = round(side * min(size))
    if not boxes or count == 0 or edge < min_side:
        return []
    xs, ys = _positions(size[0], edge), _positions(size[1], edge)
    rng = np.random.default_rng(int(image_id[:16], 16))
    chosen: list[Region] = []
    for index in rng.permutation(len(xs) * len(ys)):
        x, y = xs[index % len(xs)], ys[index // len(xs)]
        region = (x, y, x + edge, y + edge)
        if is_free(region, boxes) and not any(touches(region, other) for other in chosen):
            chosen.append(region)
            if len(chosen) == count:
                break
    return chosen


def is_free(region: Region, boxes: Sequence[Box]) -> bool:
    """Whether the region keeps its distance from every box."""
    return not any(touches(region, box[1:], MARGIN) for box in boxes)


def _positions(length: int, edge: int) -> list[int]:
    last = length - edge
    steps = max(1, -(-last * _STEPS // edge))
    return sorted({round(i * last / steps) for i in range(steps + 1)})
