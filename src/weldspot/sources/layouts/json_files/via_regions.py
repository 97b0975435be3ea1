"""A region of VIA's: the box around its shape, and which of its attributes is the class."""

from collections.abc import Iterable, Mapping, Sequence

from weldspot.labels import fold
from weldspot.sources.layouts import shapes
from weldspot.sources.layouts.shapes import Corners

_CLASS = ("class", "label", "name", "type", "category", "object", "classname", "labelname", "defect", "defecttype")
_DEFAULTS = ("caption", "public_domain", "image_url")  # what VIA itself puts on each file


class Unclear(ValueError):
    """Which attribute is the class can't be told."""


def attribute(filled: Iterable[str], what: str) -> str:
    """The attribute that is the class: the only one, or the only one that is called so; "" where there is none.

    Args:
        filled: The names of all that have a value somewhere.
        what: Whose attributes they are.

    Raises:
        Unclear: it may be one of several.
    """
    names = sorted(set(filled) - set(_DEFAULTS))
    likely = [name for name in names if fold(name) in _CLASS]
    for found in (names, likely):
        if len(found) == 1:
            return found[0]
    if not names:
        return ""
    raise Unclear(f"each of the {what} attributes {', '.join(names)} could be its class; call one of them `class`")


def labels(value: object) -> list[str]:
    """What an attribute says: a text, or the options that are ticked."""
    if isinstance(value, dict):
        return [str(option).strip() for option, chosen in value.items() if chosen is True and str(option).strip()]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [f"{value:g}"]
    return [value.strip()] if isinstance(value, str) and value.strip() else []


def corners(shape: Mapping[str, object]) -> Corners | None:
    """The box around a shape; None of a point. Raises ValueError."""
    kind = shape.get("name")

    def side(key: str) -> float:
        return shapes.number(shape.get(key), f"a {kind} whose {key} is")

    if kind == "rect":
        x, y, width, height = side("x"), side("y"), side("width"), side("height")
        shapes.size(width, height)
        return x, y, x + width, y + height
    if kind == "circle":
        return shapes.ellipse((side("cx"), side("cy")), (side("r"), side("r")))
    if kind == "ellipse":
        degrees = shapes.number(shape.get("theta") or 0, "an ellipse whose theta is") * 57.29577951308232
        return shapes.ellipse((side("cx"), side("cy")), (side("rx"), side("ry")), degrees)
    if kind in ("polygon", "polyline"):
        xs, ys = (_all(shape.get(f"all_points_{axis}"), f"a {kind}") for axis in "xy")
        if len(xs) != len(ys):
            raise ValueError(f"annotation has a {kind} of {len(xs)} x and {len(ys)} y")
        return shapes.around(list(zip(xs, ys, strict=True)))
    if kind == "point":
        return None
    raise ValueError(f"annotation has a shape {str(kind)[:40]!r}, which is not read")


def _all(values: object, what: str) -> Sequence[float]:
    return shapes.numbers(values, what)
