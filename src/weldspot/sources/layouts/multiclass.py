"""Roboflow multi-class CSV: `_classes.csv` in each folder, a 0/1 column for each class."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import PurePosixPath

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.record import Record, Rejected, is_image

TABLE = "_classes.csv"
_NOTHING = "unlabeled"  # Roboflow's own column for images that nobody annotated


def matches(archive: Archive) -> bool:
    """Whether there is a `_classes.csv`."""
    return any(PurePosixPath(name).name == TABLE for name in archive.names)


def read(archive: Archive) -> Iterator[Record | Rejected]:
    """The images with their labels; those that no table names are rejected, and rows without an image too."""
    rows: dict[str, Record | Rejected] = {}
    for name in archive.names:
        if PurePosixPath(name).name == TABLE:
            for row in _table(archive, name):
                rows[row.name] = _both(rows.get(row.name), row)
    for name in archive.names:
        if is_image(name):
            yield rows.pop(name) if name in rows else Rejected(name, f"no annotation: not in its folder's {TABLE}")
    yield from (_missing(row) for row in rows.values())


def _both(first: Record | Rejected | None, second: Record | Rejected) -> Record | Rejected:
    if isinstance(first, Record) and isinstance(second, Record):
        return Record(first.name, tuple(dict.fromkeys(first.labels + second.labels)))
    return first or second


def _missing(row: Record | Rejected) -> Rejected:
    return row if isinstance(row, Rejected) else Rejected(row.name, f"named in {TABLE}, but there is no such image")


def _table(archive: Archive, name: str) -> Iterator[Record | Rejected]:
    folder = PurePosixPath(name).parent
    try:
        text = archive.read(name).decode("utf-8-sig")
        lines = list(csv.reader(StringIO(text, newline=""), skipinitialspace=True))
    except (BadMember, UnicodeDecodeError, csv.Error) as error:
        yield Rejected(name, f"the table can't be read ({error})")
        return
    if not lines or lines[0][:1] != ["filename"]:
        yield Rejected(name, "the table's first column is not `filename`")
        return
    classes = [label.strip() for label in lines[0][1:]]
    for line in lines[1:]:
        if line:
            yield _row(str(folder / line[0].strip()), classes, [value.strip() for value in line[1:]])


def _row(image: str, classes: list[str], values: list[str]) -> Record | Rejected:
    try:
        chosen = [bool(float(value)) for value in values]
    except ValueError:
        chosen = []
    if len(chosen) != len(classes):
        return Rejected(image, f"its row in {TABLE} is not a 0 or 1 for each of {len(classes)} classes")
    labels = [label for label, yes in zip(classes, chosen, strict=True) if yes and label.lower() != _NOTHING]
    return Record(image, tuple(labels))
