"""TensorFlow's label map: a .pbtxt with an `item { id: 1 name: 'crack' }` for each class."""

import re

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.text import decode

_MAX_BYTES = 1 << 20
_ITEM = re.compile(r"item\s*+:?\s*+\{(.*)", re.DOTALL)  # of what stands before a closing brace
_ID = re.compile(r"\bid\s*:\s*(-?\d{1,9})\b")


class BadMap(Exception):
    """Why the classes can't be told."""


def label_map(archive: Archive) -> dict[int, str]:
    """The name of each number, none without a label map.

    Raises:
        BadMap: one can't be read, or two differ.
    """
    first = ""
    found: dict[int, str] = {}
    for name in archive.names:
        if name.lower().endswith(".pbtxt"):
            names = _read(archive, name)
            if first and names != found:
                raise BadMap(f"{first} and {name} name other classes; keep one of them")
            first, found = name, names
    return found


def _read(archive: Archive, name: str) -> dict[int, str]:
    try:
        text = re.sub(r"#.*", "", decode(archive.read(name, _MAX_BYTES)))
    except (BadMember, ValueError) as error:
        raise BadMap(f"{name} can't be read ({' '.join(str(error).split())[:120]}); mend it") from error
    found: dict[int, str] = {}
    for item in (begun[1] for piece in text.split("}")[:-1] if (begun := _ITEM.search(piece))):
        number, called, shown = _ID.search(item), _text(item, "name"), _text(item, "display_name")
        label = shown if shown and (not called or called.startswith("/m/")) else called
        if not number or not label or int(number[1]) in found:
            raise BadMap(f"{name}: an item without an id of its own and a name; mend it")
        found[int(number[1])] = label
    if not found:
        raise BadMap(f"{name}: no item with an id and a name in it; mend it")
    return found


def _text(item: str, key: str) -> str:
    found = re.search(rf"\b(?<!_){key}\s*:\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")", item)
    return re.sub(r"\\(.)", r"\1", found[1] or found[2] or "").strip() if found else ""
