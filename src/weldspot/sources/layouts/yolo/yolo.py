"""YOLO: data.yaml names the classes; a text file for each image has a line for each object.

A line is a box (class, centre, size), a polygon or a turned box (class, corners) in fractions of the image, or what
Roboflow's OBB writes: four corners in pixels, the class's name, a difficulty. One file may have lines of all the first.
"""

import math
from collections.abc import Iterator
from pathlib import PurePosixPath

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts.pairing import Pairs, pair
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.layouts.yolo import yolo_tables
from weldspot.sources.members import Members
from weldspot.sources.record import Box, Record, Rejected
from weldspot.sources.text import decode

TITLE = "YOLO"
MISSING = "no annotation: no label file of the same name; write an empty one for an image that shows nothing"
NEEDS = "data.yaml with labels/*.txt"
FILES: tuple[str, ...] = (".txt", ".yaml", ".yml")
_MAX_BYTES = 8 * 1024 * 1024
_HEAD = 512
_OVERHANG = 0.02  # of the image, by which rounding may push a coordinate out
_TURNED = 0.5  # of the image, by which the corner of a turned box may lie outside
_DOTA_HEAD = ("imagesource:", "gsd:")


def survey(archive: Archive, members: Members) -> Survey:
    """Every image with the label file of its name, if they are label files and a table names the classes of each."""
    texts = [name for name in members.others if PurePosixPath(name).suffix.lower() == ".txt"]
    pairs = pair(members.images, texts)
    if not _numbers(archive, pairs):
        pairs = Pairs(orphans=tuple(texts))
    orphans = [name for name in pairs.orphans if _starts_with_a_box(archive, name)]
    reasons = dict.fromkeys(orphans, "a label file without an image of the same name")
    try:
        tables, problem = _tables(archive, pairs, [*members.images, *pairs.of.values(), *orphans]), ""
    except yolo_tables.BadTable as error:
        tables, problem = (), str(error)
    return Survey(members, pairs.of, pairs.twins, pairs.doubtful, reasons, tables, problem)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images with their boxes; one that shows nothing has an empty label file, and none at all is no annotation."""
    tables = yolo_tables.tables(archive, [*found.members.images, *found.notes.values(), *found.orphans])
    for name, labels in sorted(found.notes.items()):
        try:
            yield _record(archive, name, labels, tables)
        except BadMember as error:
            yield Rejected(name, f"annotation {error}")
        except UnicodeDecodeError:
            yield Rejected(name, "annotation is not text")
        except ValueError as error:
            yield Rejected(name, str(error))


def _tables(archive: Archive, pairs: Pairs, files: list[str]) -> tuple[str, ...]:
    """The names of the tables; raises BadTable where one is missing, or there is nothing that it could hold for."""
    tables = yolo_tables.tables(archive, files)
    for image, labels in pairs.of.items():
        yolo_tables.classes(tables, labels, image)
    main = [table.name for table in tables if table.main]
    if main and not pairs.of and not pairs.doubtful:
        raise yolo_tables.BadTable(f"{main[0]} names classes, but no image has a label file of its name; add them")
    return tuple(table.name for table in tables)


def _numbers(archive: Archive, pairs: Pairs) -> bool:
    """Whether most of the text files of images hold boxes: they may as well be captions."""
    texts = [name for name in pairs.of.values() if archive.head(name, _HEAD).strip()]
    return 2 * sum(_starts_with_a_box(archive, name) for name in texts) >= len(texts)


def _starts_with_a_box(archive: Archive, name: str) -> bool:
    """Whether the first line is a class number and coordinates, or corners and a class."""
    try:
        first = next(iter(_lines(decode(archive.head(name, _HEAD)))), [])
        return len(first) >= 5 and all(math.isfinite(float(word)) for word in first[:5])
    except ValueError:
        return False


def _lines(text: str) -> list[list[str]]:
    lines = (line.split() for line in text.splitlines())
    return [words for words in lines if words and not words[0].lower().startswith(_DOTA_HEAD)]


def _record(archive: Archive, name: str, labels: str, tables: list[yolo_tables.Table]) -> Record:
    classes = yolo_tables.classes(tables, labels, name)
    lines = _lines(decode(archive.read(labels, _MAX_BYTES)))
    if len(lines) > archive.most_said:
        raise ValueError(f"annotation has {len(lines)} lines, more than {archive.most_said}")
    in_pixels = [_is_dota(words) for words in lines]
    if any(in_pixels) and not all(in_pixels):
        raise ValueError(
            "annotation has some lines in pixels with a class's name, and some in fractions; export it anew"
        )
    boxes = [_dota(words) if pixels else _box(words, classes) for words, pixels in zip(lines, in_pixels, strict=True)]
    return Record(name, tuple(box[0] for box in boxes), tuple(boxes), frame=None if any(in_pixels) else (1.0, 1.0))


def _is_dota(words: list[str]) -> bool:
    """x1 y1 x2 y2 x3 y3 x4 y4 name difficulty."""
    return len(words) >= 9 and not _is_number(words[8])


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _numbers_of(words: list[str]) -> list[float]:
    try:
        values = [float(word) for word in words]
    except ValueError:
        raise ValueError(f"annotation has a line that is not numbers: {' '.join(words)[:60]!r}") from None
    if not all(map(math.isfinite, values)):
        raise ValueError("annotation has a coordinate that is not a number")
    return values


def _dota(words: list[str]) -> Box:
    values = _numbers_of(words[:8])
    label = words[8:-1] if len(words) > 9 and words[-1] in ("0", "1", "2") else words[8:]  # a name may have spaces
    return " ".join(label), min(values[::2]), min(values[1::2]), max(values[::2]), max(values[1::2])


def _box(words: list[str], classes: dict[int, str]) -> Box:
    index, *values = _numbers_of(words)
    if index < 0 or index != int(index):
        raise ValueError(f"annotation has the class number {index:g}")
    # a number without a name is a class that nobody knows: what ingest.unknown_classes says is done about it
    label = classes.get(int(index), f"class number {index:g} of the {len(classes)} in data.yaml")
    if len(values) in (4, 5):  # the fifth is a confidence
        _fractions(values[:4])
        x, y, width, height = values[:4]
        return label, x - width / 2, y - height / 2, x + width / 2, y + height / 2
    if len(values) >= 6 and len(values) % 2 == 0:
        _fractions(values, _TURNED if len(values) == 8 else _OVERHANG)
        xs, ys = values[::2], values[1::2]
        return label, min(xs), min(ys), max(xs), max(ys)
    raise ValueError(f"annotation has a line of {len(words)} numbers: neither a box nor a polygon")


def _fractions(values: list[float], overhang: float = _OVERHANG) -> None:
    wrong = [value for value in values if not -overhang <= value <= 1 + overhang]
    if wrong:
        raise ValueError(f"annotation has a coordinate of {wrong[0]:g}: not a fraction of the image")
