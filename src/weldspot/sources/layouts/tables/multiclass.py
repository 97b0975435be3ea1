"""Roboflow multi-class CSV: `_classes.csv` in each folder, a 0/1 column for each class."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePosixPath

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts.lines import lines
from weldspot.sources.layouts.pairing import fold
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import Members
from weldspot.sources.record import Record, Rejected

TITLE = "Roboflow multi-class"
TABLE = "_classes.csv"
MISSING = f"no annotation: not in its folder's {TABLE}"
NEEDS = "_classes.csv in each folder"
FILES: tuple[str, ...] = (".csv",)
_NOTHING = "unlabeled"  # Roboflow's own column for images that nobody annotated


class _BadTable(Exception):
    """Why a table can't be used."""


@dataclass(frozen=True)
class _Rows:
    """`of`: what is said of each image; `notes`: in which table; `missing`: names of images that are not there."""

    of: dict[str, Record | Rejected] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


def survey(archive: Archive, members: Members) -> Survey:
    """Every image that a table has a row for."""
    try:
        rows = _rows(archive, members)
    except _BadTable as error:
        return Survey(members, problem=str(error))
    return Survey(members, rows.notes, orphans=rows.missing)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images that have a row, with their labels."""
    for _, item in sorted(_rows(archive, found.members).of.items()):
        yield item


def _rows(archive: Archive, members: Members) -> _Rows:
    rows = _Rows()
    index = _Index(members.images)
    for table in (name for name in members.others if PurePosixPath(name).name.lower() == TABLE):
        for row in _table(archive, table):
            image = index.find(row.name, table)
            if image is None:
                rows.missing[row.name] = f"named in {table}, but there is no such image"
                continue
            said = Record(image, row.labels) if isinstance(row, Record) else Rejected(image, row.reason)
            before, elsewhere = rows.of.get(image), rows.notes.setdefault(image, table)
            if elsewhere == table:
                rows.of[image] = _both(before, said)
            elif before != said:
                rows.of[image] = Rejected(image, f"{elsewhere} and {table} say different things of it; keep one row")
    return rows


class _Index:
    """Images by the name in a row: exactly, in any case and composition, and in the folders below the table's."""

    def __init__(self, images: tuple[str, ...]) -> None:
        self._exact = set(images)
        self._folded: dict[str, list[str]] = defaultdict(list)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for image in images:
            self._folded[fold(image)].append(image)
            self._by_name[fold(PurePosixPath(image).name)].append(image)

    def find(self, name: str, table: str) -> str | None:
        if name in self._exact:
            return name
        below = str(PurePosixPath(table).parent / "_").removesuffix("_")
        same = [image for image in self._by_name[fold(PurePosixPath(name).name)] if image.startswith(below)]
        found = self._folded[fold(name)] or same
        return found[0] if len(found) == 1 else None


def _both(first: Record | Rejected | None, second: Record | Rejected) -> Record | Rejected:
    if isinstance(first, Record) and isinstance(second, Record):
        return Record(first.name, tuple(dict.fromkeys(first.labels + second.labels)))
    return first if isinstance(first, Rejected) else second


def _table(archive: Archive, name: str) -> Iterator[Record | Rejected]:
    folder = PurePosixPath(name).parent
    try:
        text = lines(archive, name)
        first = next(text, "")
        separator = re.match(r"\s*filename\s*([,;\t])", first, re.IGNORECASE)
        if re.match(r"\s*pixel value", first, re.IGNORECASE):
            raise _BadTable(f"{name}: Roboflow's masks of pixels, which are not read; export COCO or YOLO segmentation")
        if not separator:
            raise _BadTable(f"{name}: the table's first column is not `filename`; export it again")
        table = csv.reader(chain([first], text), delimiter=separator[1], skipinitialspace=True)
        classes = [label.strip() for label in next(table)[1:]]
        for line in table:
            if line:
                yield _row(str(folder / line[0].strip()), classes, [value.strip() for value in line[1:]])
    except (BadMember, UnicodeDecodeError, csv.Error) as error:
        raise _BadTable(f"{name}: the table can't be read ({error}); export it again") from error


def _row(image: str, classes: list[str], values: list[str]) -> Record | Rejected:
    chosen = [_bit(value) for value in values]
    if len(chosen) != len(classes) or None in chosen:
        return Rejected(image, f"its row in {TABLE} is not a 0 or 1 for each of {len(classes)} classes")
    labels = [label for label, yes in zip(classes, chosen, strict=True) if yes and label.lower() != _NOTHING]
    return Record(image, tuple(labels))


def _bit(value: str) -> bool | None:
    """0 and 1, also as spreadsheets write them (1.0); None for -1, nan, 0.02, 2, yes, and what else is neither."""
    try:
        number = float(value)
    except ValueError:
        return None
    return bool(number) if number in (0, 1) else None
