"""The cells of a table of images: classes, numbers, and Hugging Face's objects, in whatever way they were written."""

import ast
import math
import re
from collections.abc import Mapping, Sequence

from weldspot.sources.text import json_value

Sides = tuple[float, float, float, float]

_NUMBER = re.compile(r"-?\d{1,9}(\.0+)?")
_LONGEST_LITERAL = 1 << 17  # letters: the tree that Python makes of it is a hundred times as large
_LARGEST = 10**9  # of a class number
_BOXES = ("bbox", "bboxes", "boxes", "box")
_CATEGORIES = ("category_name", "categories", "category", "labels", "label", "class_name", "classes", "class", "names")


def labels(value: object) -> tuple[str, ...]:
    """The classes in a cell: one, several between `;` or `|`, or a list.

    Raises:
        ValueError: it holds something else.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ()
    if isinstance(value, (bool, Mapping)):
        raise ValueError(f"{str(value)[:40]!r} is no class")
    if isinstance(value, (int, float)):
        if not abs(value) < _LARGEST:
            raise ValueError("a number of that size is no class")
        return (str(int(value)) if value == int(value) else str(value),)
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            return labels(_literal(text))
        return tuple(part.strip() for part in re.split(r"[;|]", text) if part.strip())
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return tuple(label for item in value for label in labels(item))
    raise ValueError(f"{str(value)[:40]!r} is no class")


def is_number(label: str) -> bool:
    """Whether a class is given by a number alone."""
    return _NUMBER.fullmatch(label) is not None


def number(value: object) -> float | None:
    """A finite number, None for an empty cell.

    Raises:
        ValueError: it is none.
    """
    if value is None or value == "" or (isinstance(value, str) and value.lower() == "nan"):
        return None
    try:
        found = float(value) if isinstance(value, (int, float, str)) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if isinstance(value, float) and math.isnan(value):
        return None
    if not math.isfinite(found):
        raise ValueError(f"annotation has a coordinate of {str(value)[:40]!r}, not a number")
    return found


def objects(value: object) -> list[tuple[str, Sides]]:
    """Classes with boxes (left, top, width, height in pixels) of `{bbox: [...], categories: [...]}`, or a list of such.

    Raises:
        ValueError: it is not that.
    """
    if isinstance(value, str):
        value = _literal(value) if value.strip() else None
    if value is None:
        return []
    if isinstance(value, Sequence):
        return [pair for item in value for pair in objects(_listed(item))]
    if not isinstance(value, Mapping):
        raise ValueError("`objects` is not `{bbox: [...], categories: [...]}`")
    boxes = next((value[key] for key in _BOXES if key in value), None)
    names = next((value[key] for key in _CATEGORIES if key in value), None)
    if not boxes and not names:
        return []
    if not isinstance(boxes, Sequence) or not isinstance(names, Sequence) or len(boxes) != len(names):
        raise ValueError("`objects` has not a class for each box")
    return [(_one(name), _sides(box)) for name, box in zip(names, boxes, strict=True)]


def _listed(item: object) -> object:
    """One object as a list of one."""
    return {key: [value] for key, value in item.items()} if isinstance(item, Mapping) else item


def _one(name: object) -> str:
    found = labels(name) if not isinstance(name, str) else (name.strip(),)
    if len(found) != 1 or not found[0]:
        raise ValueError("`objects` has a box without a class")
    return found[0]


def _sides(box: object) -> Sides:
    values = [number(side) for side in box] if isinstance(box, Sequence) and not isinstance(box, str) else []
    if len(values) != 4 or None in values:
        raise ValueError("`objects` has a box that is not four numbers")
    left, top, width, height = (value or 0.0 for value in values)
    return left, top, width, height


def _literal(text: str) -> object:
    """A list or an object as JSON or as Python writes it."""
    try:
        return json_value(text)
    except ValueError as error:
        if len(text) > _LONGEST_LITERAL:
            raise ValueError(f"{text[:40]!r} is no list") from error
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"{text[:40]!r} is no list") from error
