"""Annotation boxes, brought to the pixels of the upright image."""

from collections.abc import Callable, Sequence

from weldspot.images.codec import BadImage
from weldspot.sources.record import Box

Corners = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax
Sides = Sequence[float] | Sequence[int]  # the same, of a box or a region in whole pixels
_SAME_SHAPE = 0.02


def fit(
    boxes: Sequence[Box], frame: tuple[float, float] | None, stored: tuple[int, int], orientation: int
) -> list[Box]:
    """The boxes in pixels of the image turned by its EXIF `orientation`, clipped to it, each once, in order.

    Boxes drawn on the picture as it is stored are turned with it; those drawn on a scaled copy are scaled. Corners in
    another order are put in order.

    Args:
        boxes: As they are annotated.
        frame: The (width, height) they were drawn on, (1, 1) for fractions, None for pixels.
        stored: Width and height of the picture before it is turned.
        orientation: From EXIF, 1 to 8.

    Raises:
        BadImage: the frame is of another shape than the picture, or nothing of a box lies in the image.
    """
    width, height = stored if orientation <= 4 else stored[::-1]
    as_stored = orientation > 4 and frame == (float(stored[0]), float(stored[1]))
    if boxes and frame and not as_stored and not _scalable(frame, (width, height)):
        raise BadImage(
            f"annotated on a picture of {frame[0]:g} x {frame[1]:g} pixels, "
            f"this one has {width} x {height}: another shape"
        )
    fitted = set()
    for label, x0, y0, x1, y1 in boxes:
        corners = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
        if as_stored and width != height:
            corners = _turned(corners, stored, orientation)
        elif frame:
            x, y = width / frame[0], height / frame[1]
            corners = corners[0] * x, corners[1] * y, corners[2] * x, corners[3] * y
        left, top, right, bottom = _at_least_a_pixel(corners)
        clipped = max(left, 0.0), max(top, 0.0), min(right, float(width)), min(bottom, float(height))
        # a frame of 1e-320 makes sides that are no numbers: they are not less than others either
        if not (clipped[0] < clipped[2] and clipped[1] < clipped[3]):
            raise BadImage(f"a box of {label!r} lies outside the {width} x {height} image")
        fitted.add((label, *clipped))
    return sorted(fitted)


def _at_least_a_pixel(corners: Corners) -> Corners:
    """Vendors round the box of a tiny spatter to a line or a point when they resize; it is still a spatter."""
    left, top, right, bottom = corners
    x, y = max(0.0, 1 - (right - left)) / 2, max(0.0, 1 - (bottom - top)) / 2
    return left - x, top - y, right + x, bottom + y


def _scalable(frame: tuple[float, float], size: tuple[int, int]) -> bool:
    if frame == (1.0, 1.0):
        return True
    return abs(frame[0] * size[1] / (frame[1] * size[0]) - 1) <= _SAME_SHAPE


def _turned(corners: Corners, stored: tuple[int, int], orientation: int) -> Corners:
    width, height = stored
    ends = [(corners[0], corners[1]), (corners[2], corners[3])]
    turns: dict[int, Callable[[float, float], tuple[float, float]]] = {
        5: lambda x, y: (y, x),
        6: lambda x, y: (height - y, x),
        7: lambda x, y: (height - y, width - x),
        8: lambda x, y: (y, width - x),
    }
    (x0, y0), (x1, y1) = (turns[orientation](x, y) for x, y in ends)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def touches(box: Sides, other: Sides, margin: float = 0.0) -> bool:
    """Whether xmin, ymin, xmax, ymax of `box` meets `other` grown on each side by `margin` of its width and height."""
    x, y = (other[2] - other[0]) * margin, (other[3] - other[1]) * margin
    return box[0] < other[2] + x and other[0] - x < box[2] and box[1] < other[3] + y and other[1] - y < box[3]
