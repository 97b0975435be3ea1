"""Hard negatives: crops of photographs that show nothing, cut only where the boxes say where the object is."""

from collections.abc import Collection, Sequence

import numpy as np

from weldspot.images.ingestion.boxes import touches
from weldspot.sources.record import Box

MARGIN = 0.1  # annotators draw boxes tightly: a weld's edge looks out of its box
REACH = 0.7  # of a side: shorter boxes mark a piece of the weld, or one of several, and a crop shows the rest
_STEPS = 4  # positions tried in one crop's side, in each direction

Region = tuple[int, int, int, int]  # xmin, ymin, xmax, ymax in pixels


def show_the_weld(
    boxes: Sequence[Box], labels: Collection[str], size: tuple[int, int], whole_weld: Collection[str]
) -> bool:
    """Whether the boxes of an image say where its weld is, so that what no box meets is none.

    Args:
        boxes: Of the image.
        labels: Of the image; one without a box could be anywhere.
        size: Width and height of the image in pixels.
        whole_weld: The classes whose boxes go around a whole weld, not around a spot of it.
    """
    around = [box for box in boxes if box[0] in whole_weld]
    if not around or not set(labels) <= {box[0] for box in boxes}:
        return False
    width = max(box[3] for box in around) - min(box[1] for box in around)
    height = max(box[4] for box in around) - min(box[2] for box in around)
    return max(width / size[0], height / size[1]) >= REACH


def rule(whole_weld: Sequence[str]) -> str:
    """What `every_object_has_a_box` and `show_the_weld` ask for, in words."""
    names = " or ".join(whole_weld) or "no class"
    return f"cut only where boxes of {names} span {REACH:.0%} of a side and every labelled object has a box"


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
