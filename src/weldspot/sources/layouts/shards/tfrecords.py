"""TFRecord of tf.train.Example: each image came with what its record says of it (`packed/tfrecord.py`).

`image/object/class/text` and `image/object/bbox/*` are objects with boxes as fractions, `image/class/text` is the class
of the whole image; `label` in the place of `text` is a number that a label map (.pbtxt) names.
"""

from collections.abc import Iterator

from weldspot.labels import fold
from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts import gathering
from weldspot.sources.layouts.shards.label_map import BadMap, label_map
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import Members
from weldspot.sources.packed.tfrecord import NOTE, shard
from weldspot.sources.record import Box, Record, Rejected
from weldspot.sources.text import json_value

TITLE = "TFRecord"
MISSING = "no annotation: in no TFRecord"
NEEDS = "tf.train.Example records with image/encoded and image/object/class/text, in .tfrecord files"
FILES: tuple[str, ...] = (NOTE, ".tfrecord", ".record")
_OVERHANG = 0.02  # of the image, by which rounding may push a coordinate out
_SIDES = ("xmin", "ymin", "xmax", "ymax")

Features = dict[str, list[object]]


class _Unnamed(Exception):
    """Classes are numbers, and there is no label map."""


def survey(archive: Archive, members: Members) -> Survey:
    """Every image that came out of a record."""
    notes, images = [name for name in members.others if name.endswith(NOTE)], set(members.images)
    try:
        names, problem = label_map(archive) if notes else {}, ""
    except BadMap as error:
        names, problem = {}, str(error)
    items: dict[str, Record | Rejected] = {}
    orphans: dict[str, str] = {}
    for note in notes:
        image, said = note.removesuffix(NOTE), _said(archive, note)
        if image not in images:
            orphans[note] = str(next(iter(said.get("damaged", [])), "a record without an image"))
            continue
        try:
            items[image] = _record(image, said, names)
        except _Unnamed:
            problem = problem or f"the records of {shard(note)} have classes by number alone, and no .pbtxt names them"
            items[image] = Rejected(image, "classes by number alone, without a label map (.pbtxt)")
        except ValueError as error:
            items[image] = Rejected(image, f"annotation {error}")
    problem = problem or _no_class(items, notes)
    tables = tuple(name for name in members.others if name.lower().endswith(".pbtxt")) if items else ()
    found = {image: image + NOTE for image in items}
    return Survey(members, found, orphans=orphans, tables=tables, problem=problem, items=items)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images with their classes and boxes."""
    yield from gathering.items(found)


def _said(archive: Archive, note: str) -> Features:
    try:
        said = json_value(archive.read(note))
    except (BadMember, ValueError, RecursionError) as error:
        return {"damaged": [f"annotation can't be read ({error})"]}
    return {str(k): v if isinstance(v, list) else [v] for k, v in said.items()} if isinstance(said, dict) else {}


def _no_class(items: dict[str, Record | Rejected], notes: list[str]) -> str:
    without = [item for item in items.values() if isinstance(item, Rejected) and "no class" in item.reason]
    if not items or len(without) < len(items):
        return ""
    return f"{shard(notes[0])}: {without[0].reason.removeprefix('annotation ')}"


def _record(image: str, said: Features, names: dict[int, str]) -> Record:
    objects = [key for key in said if key.startswith("image/object/")]
    if not objects and not said.keys() & {"image/class/text", "image/class/label"}:
        keys = ", ".join(sorted(said))[:200]
        raise ValueError(f"has no class: neither image/object/class/text nor image/class/text, but {keys}")
    labels = _classes(said, "image/object/class" if objects else "image/class", names)
    columns = [said.get(f"image/object/bbox/{side}", []) for side in _SIDES]
    if not any(columns):
        return Record(image, tuple(labels))
    if {len(column) for column in columns} != {len(labels)}:
        raise ValueError("has not a class and four sides for each box")
    boxes = tuple(_box(label, sides) for label, *sides in zip(labels, *columns, strict=True))
    return Record(image, tuple(labels), boxes, frame=(1.0, 1.0))


def _classes(said: Features, key: str, names: dict[int, str]) -> list[str]:
    texts = [str(text).strip() for text in said.get(f"{key}/text", [])]
    numbers = [number for number in said.get(f"{key}/label", []) if isinstance(number, int)]
    if texts and all(texts):
        for text, number in zip(texts, numbers, strict=False):
            if number in names and fold(names[number]) != fold(text):
                raise ValueError(f"calls class {number} {text!r}, the label map {names[number]!r}")
        return texts
    if numbers and not names:
        raise _Unnamed
    return [names.get(number, f"class number {number} of the {len(names)} in the label map") for number in numbers]


def _box(label: str, sides: list[object]) -> Box:
    values = [side if isinstance(side, (int, float)) else float("nan") for side in sides]
    wrong = [value for value in values if not -_OVERHANG <= value <= 1 + _OVERHANG]
    if wrong:
        raise ValueError(f"has a coordinate of {wrong[0]:g}: not a fraction of the image")
    xmin, ymin, xmax, ymax = values
    return label, xmin, ymin, xmax, ymax
