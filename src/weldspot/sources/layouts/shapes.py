"""What annotations are drawn as, and the upright box around each."""

import math
from collections.abc import Sequence

from weldspot.sources.record import Box

Corners = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax
Point = tuple[float, float]


def number(value: object, what: str) -> float:
    """A finite number, also one that is written as text; raises ValueError with what it is of."""
    try:
        found = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise ValueError(f"annotation has {what} {str(value)[:40]!r}, which is not a number")
    return found


def numbers(values: object, what: str) -> list[float]:
    """A list of finite numbers; raises ValueError."""
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise ValueError(f"annotation has {what} that is no list of numbers: {str(values)[:40]!r}")
    return [number(value, what) for value in values]


def points(values: object, what: str) -> list[Point]:
    """`[[x, y], …]` or `[x, y, x, y, …]`; raises ValueError."""
    if isinstance(values, Sequence) and values and all(isinstance(value, list | tuple) for value in values):
        pairs = [numbers(value, what) for value in values]
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError(f"annotation has {what} with a point that is not two numbers")
        return [(x, y) for x, y in pairs]
    flat = numbers(values, what)
    if len(flat) % 2:
        raise ValueError(f"annotation has {what} of {len(flat)} numbers: not pairs")
    return list(zip(flat[::2], flat[1::2], strict=True))


def around(found: Sequence[Point]) -> Corners:
    """The box around points; raises ValueError without one."""
    if not found:
        raise ValueError("annotation has a shape without points")
    xs, ys = [x for x, _ in found], [y for _, y in found]
    return min(xs), min(ys), max(xs), max(ys)


def size(width: float, height: float) -> None:
    """Raises ValueError where a box is of less than nothing: nobody knows which of its sides is meant."""
    if width < 0 or height < 0:
        raise ValueError(f"annotation has a box of {width:g} x {height:g}: less than nothing")


def turned(box: Corners, degrees: float, about: Point) -> Corners:
    """The box around one that is turned clockwise about a point."""
    if not degrees % 360:
        return box
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = [(x - about[0], y - about[1]) for x in box[::2] for y in box[1::2]]
    return around([(about[0] + x * cos - y * sin, about[1] + x * sin + y * cos) for x, y in corners])


def ellipse(centre: Point, radii: Point, degrees: float = 0.0) -> Corners:
    """The box around an ellipse that is turned clockwise."""
    size(*radii)
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    across, down = math.hypot(radii[0] * cos, radii[1] * sin), math.hypot(radii[0] * sin, radii[1] * cos)
    return centre[0] - across, centre[1] - down, centre[0] + across, centre[1] + down


def boxed(label: str, corners: Corners | None) -> tuple[Box, ...]:
    """A box with its label; none where an object is marked without one, by a point or a tag."""
    return () if corners is None else ((label, *corners),)


def frame(width: object, height: object) -> Point | None:
    """The size of the picture that was annotated; None where it is not said."""
    try:
        found = number(width, "a width"), number(height, "a height")
    except ValueError:
        return None
    return found if found[0] > 0 and found[1] > 0 else None
