"""A region of Label Studio's: its labels, and the box around it as fractions of the picture."""

from collections.abc import Mapping
from dataclasses import dataclass

from weldspot.sources.layouts import masks, shapes
from weldspot.sources.layouts.shapes import Corners

_POINTS = ("points", "vertices")
_UNREAD = ("imageDataURL", "sequence", "timeserieslabels", "hypertextlabels", "paragraphlabels")


@dataclass(frozen=True)
class Region:
    """`labels`, often one; `corners` in fractions, None without an area; `picture`: its width and height, if said."""

    labels: tuple[str, ...]
    corners: Corners | None = None
    picture: tuple[float, float] | None = None


def names(value: Mapping[str, object]) -> tuple[str, ...]:
    """The labels of a region: what `rectanglelabels`, `polygonlabels`, … list."""
    for key, found in value.items():
        if key.endswith("labels") and isinstance(found, list):
            return tuple(label.strip() for label in found if isinstance(label, str) and label.strip())
    return ()


def has_place(value: Mapping[str, object]) -> bool:
    """Whether this is about a part of the picture."""
    return any(key in value for key in ("x", "rle", *_POINTS, *_UNREAD))


def region(value: Mapping[str, object], about: Mapping[str, object]) -> Region:
    """Reads a region.

    Args:
        value: Its shape and labels.
        about: What has the size and the rotation of the picture: the result around it, or the same.

    Raises:
        ValueError: it can't be read.
    """
    labels = names(value)
    if not labels:
        raise ValueError("annotation has a region without a label")
    if unread := next((key for key in _UNREAD if key in value), ""):
        raise ValueError(f"annotation has a region of a kind that is not read ({unread})")
    if about.get("image_rotation"):
        raise ValueError("annotated on a picture that was turned in Label Studio, whose boxes nobody can place")
    picture = shapes.frame(about.get("original_width"), about.get("original_height"))
    return Region(labels, _corners(value, picture), picture)


def _corners(value: Mapping[str, object], picture: tuple[float, float] | None) -> Corners | None:
    def percent(key: str) -> float:
        return shapes.number(value.get(key), f"a region whose {key} is") / 100

    degrees = shapes.number(value.get("rotation") or 0, "a rotation of")
    width, height = picture or (1.0, 1.0)
    if degrees % 360 and not picture:
        raise ValueError("annotation has a turned region, and the picture's size is not said (original_width)")
    if "rle" in value:
        if not picture:
            raise ValueError("annotation has a brush stroke, and the picture's size is not said (original_width)")
        painted = masks.brush(value["rle"], int(width), int(height))
        return _fractions(painted, width, height) if painted else None
    listed = next((value[key] for key in _POINTS if key in value), None)
    if isinstance(listed, list):
        listed = [[point.get("x"), point.get("y")] if isinstance(point, dict) else point for point in listed]
        return _fractions(shapes.around(shapes.points(listed, "a polygon")), 100, 100)
    if "radiusX" in value:
        centre, radii = (percent("x") * width, percent("y") * height), (percent("radiusX"), percent("radiusY"))
        return _fractions(shapes.ellipse(centre, (radii[0] * width, radii[1] * height), degrees), width, height)
    if "height" in value:
        x, y, across, down = (percent(key) for key in ("x", "y", "width", "height"))
        shapes.size(across, down)
        box = x * width, y * height, (x + across) * width, (y + down) * height
        return _fractions(shapes.turned(box, degrees, (box[0], box[1])), width, height)
    percent("x")
    percent("y")
    return None  # a point


def _fractions(corners: Corners, width: float, height: float) -> Corners:
    return corners[0] / width, corners[1] / height, corners[2] / width, corners[3] / height
