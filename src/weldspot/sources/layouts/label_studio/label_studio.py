"""Label Studio's exports: JSON, JSON-MIN and CSV."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts.gathering import Said, gather, items
from weldspot.sources.layouts.json_files import kinds
from weldspot.sources.layouts.json_files.stream import Broken, elements
from weldspot.sources.layouts.label_studio import tasks
from weldspot.sources.layouts.label_studio.names import spellings
from weldspot.sources.layouts.lines import lines
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import Members
from weldspot.sources.record import Record, Rejected
from weldspot.sources.text import json_value, pieces

TITLE = "Label Studio"
MISSING = "no annotation: not among the tasks of a Label Studio file"
NEEDS = "a .json (or JSON-MIN, or .csv) of its tasks"
FILES: tuple[str, ...] = (".json", ".csv")
_CHOICES = ("choice", "choices", "class", "label")  # columns that hold a choice, whatever else is text
_NO_OBJECT = tasks.Annotation(problem="annotation is no object")


def survey(archive: Archive, members: Members) -> Survey:
    """Every image that a task is about."""
    said: dict[str, list[Said]] = {}
    problem = ""
    tables = [name for name in members.others if name.lower().endswith(".csv") and _is_table(archive, name)]
    for name in [*kinds.of_kind(archive, members, TITLE), *tables]:
        try:
            said[name] = list(_said(_rows(archive, name), name))
        except (BadMember, Broken, UnicodeDecodeError, csv.Error) as error:
            problem = problem or f"{name} can't be read ({error}); export it again"
    return gather(members, said, problem=problem)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images with their boxes; one whose annotation is empty shows nothing."""
    yield from items(found)


def _is_table(archive: Archive, name: str) -> bool:
    header = kinds.beginning(archive, name).partition("\n")[0]
    return bool(re.search(r"annotation_id|lead_time", header) and re.search(r"annotator|created_at", header))


def _rows(archive: Archive, name: str) -> Iterator[dict[str, object]]:
    """Tasks, or rows of JSON-MIN or the CSV. Raises what `survey` explains."""
    if name.lower().endswith(".csv"):
        yield from _cells(lines(archive, name))
        return
    with archive.open(name) as stream:
        for key, element in elements(pieces(stream), archive.most_said):
            if key or not isinstance(element, dict):
                raise Broken("no list of tasks: export it as JSON or JSON-MIN")
            yield element


def _cells(text: Iterator[str]) -> Iterator[dict[str, object]]:
    limit = csv.field_size_limit(1 << 25)  # a brush stroke is long
    try:
        for row in csv.DictReader(text):
            if None in row or None in row.values():
                raise Broken("a row has more or fewer columns than the first")
            yield {key: _cell(value) for key, value in row.items()}
    finally:
        csv.field_size_limit(limit)


def _cell(value: str) -> object:
    if value[:1] not in ("[", "{"):
        return value
    try:
        return json_value(value)
    except ValueError:
        raise Broken(f"the cell {value[:40]!r} is not whole JSON") from None


def _said(rows: Iterator[dict[str, object]], document: str) -> Iterator[Said]:
    """What is said of each image; the rows of a task come together."""
    short: dict[str, list[dict[str, object]]] = defaultdict(list)
    for index, row in enumerate(rows):
        data = row.get("data")
        listed = row.get("annotations", row.get("completions"))
        if isinstance(data, dict) and isinstance(listed, list):
            found = [tasks.full(one) if isinstance(one, dict) else _NO_OBJECT for one in listed]
            names, lost = _named(data, row, document, index)
            yield tasks.settle(found, names, lost)
        elif data is None:
            short[str(row.get("id", f"row {index}"))].append(row)
        else:
            raise Broken(f"task {row.get('id', index)} has no list of annotations")
    column = _column(short)
    for number, same in short.items():
        names, lost = _named(same[0], same[0], document, number)
        yield tasks.settle([tasks.minimal(row, column) for row in same], names, lost)


def _column(short: Mapping[str, list[dict[str, object]]]) -> str:
    """The column that holds a choice, "" where none does; raises Broken where it could be one of several."""
    rows = [row for same in short.values() for row in same]
    found = {key for row in rows for key in tasks.choices(row, spellings(row))}
    known = [key for key in _CHOICES if key in found]
    if len(known) == 1 or any(isinstance(value, list | dict) for row in rows for value in row.values() if value):
        return known[0] if len(known) == 1 else ""
    if len(found) > 1:
        raise Broken(f"each of {', '.join(sorted(found))} could be its class; leave one of them in the export")
    return next(iter(found), "")


def _named(
    data: Mapping[str, object], task: Mapping[str, object], document: str, number: object
) -> tuple[tuple[str, ...], tuple[str, str]]:
    names = spellings(data, task.get("file_upload"))
    lost = ("", "") if names else (f"{document}: task {task.get('id', number)}", "names no image in its data")
    return names, lost
