"""VIA (VGG Image Annotator 1 and 2): a project, or annotations in JSON or CSV, in one file or one for each part."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts import shapes
from weldspot.sources.layouts.gathering import Said, gather, items
from weldspot.sources.layouts.json_files import kinds, via_regions
from weldspot.sources.layouts.json_files.stream import Broken, elements
from weldspot.sources.layouts.lines import lines
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import Members
from weldspot.sources.record import Box, Record, Rejected
from weldspot.sources.text import json_value, pieces

TITLE = "VGG Image Annotator"
MISSING = "no annotation: not among the files of a VIA project"
NEEDS = "a .json or .csv with regions, each with shape_attributes"
FILES: tuple[str, ...] = (".json", ".csv")
_COLUMNS = {"filename", "region_shape_attributes", "region_attributes"}


@dataclass
class _File:
    """An image of a project: its regions as (shape, attributes), and what is said of the whole of it."""

    name: str
    regions: list[tuple[dict[str, object], dict[str, object]]] = field(default_factory=list)
    attributes: dict[str, object] = field(default_factory=dict)
    problem: str = ""


def survey(archive: Archive, members: Members) -> Survey:
    """Every image that a project has."""
    files: dict[str, list[_File]] = {}
    problem = ""
    tables = [name for name in members.others if name.lower().endswith(".csv") and _is_table(archive, name)]
    for name in [*kinds.of_kind(archive, members, TITLE), *tables]:
        try:
            files[name] = list(_table(lines(archive, name)) if name in tables else _project(archive, name))
        except (BadMember, Broken, UnicodeDecodeError, csv.Error) as error:
            problem = problem or f"{name} can't be read ({error}); export it again"
    every = [file for found in files.values() for file in found]
    try:
        in_regions = via_regions.attribute(_filled(a for file in every for _, a in file.regions), "region")
        of_files = "" if in_regions else via_regions.attribute(_filled(file.attributes for file in every), "file")
    except via_regions.Unclear as error:
        in_regions, of_files, problem = "", "", problem or f"{next(iter(files))}: {error}"
    said = {name: [_said(file, in_regions, of_files) for file in found] for name, found in files.items()}
    return gather(members, said, problem=problem)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images with their boxes; one without regions shows nothing."""
    yield from items(found)


def _is_table(archive: Archive, name: str) -> bool:
    try:
        header = next(csv.reader([kinds.beginning(archive, name).partition("\n")[0]]), [])
    except csv.Error:  # lines that end in CR alone, quotes without an end
        return False
    return {column.strip().lstrip("#") for column in header} >= _COLUMNS


def _filled(attributes: Iterator[dict[str, object]]) -> set[str]:
    return {key for found in attributes for key, value in found.items() if via_regions.labels(value)}


def _project(archive: Archive, name: str) -> Iterator[_File]:
    with archive.open(name) as stream:
        for key, element in elements(pieces(stream), archive.most_said):
            if key == "_via_img_metadata" and isinstance(element, dict):
                yield from (_file(value) for value in element.values())
            elif key in ("vid_list", "view", "metadata"):
                raise Broken("a project of VIA 3, which is not read; export it as COCO")
            elif not key.startswith("_via_"):
                yield _file(element)


def _file(value: object) -> _File:
    found = value if isinstance(value, dict) else {}
    name = found.get("filename")
    if not isinstance(name, str) or not name.strip():
        raise Broken("an entry has no filename")
    file = _File(name)
    if isinstance(found.get("file_attributes"), dict):
        file.attributes = found["file_attributes"]
    regions = found.get("regions", [])
    for region in regions.values() if isinstance(regions, dict) else regions if isinstance(regions, list) else [None]:
        shape, attributes = (_object(region, key) for key in ("shape_attributes", "region_attributes"))
        if shape is None or attributes is None:
            file.problem = "annotation has a region without its shape or attributes"
        else:
            file.regions.append((shape, attributes))
    return file


def _object(value: object, key: str) -> dict[str, object] | None:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else None


def _table(text: Iterator[str]) -> Iterator[_File]:
    """A row a region; those of one file come together. A file without regions has one row with an empty shape."""
    files: dict[str, _File] = {}
    counts: dict[str, str] = {}
    for row in csv.DictReader(text):
        cells = {str(key).strip().lstrip("#"): value for key, value in row.items() if isinstance(value, str)}
        name = cells.get("filename", "").strip()
        if not name or None in row.values():
            raise Broken("a row has no filename, or fewer columns than the first")
        file = files.setdefault(name, _File(name))
        shape, attributes, whole = (
            _cell(cells.get(key, "")) for key in ("region_shape_attributes", "region_attributes", "file_attributes")
        )
        if shape is None or attributes is None or whole is None:
            file.problem = "annotation has a cell that is not JSON"
        else:
            file.attributes |= whole
            file.regions += [(shape, attributes)] if shape else []
        counts[name] = cells.get("region_count", "")
    for name, count in counts.items():
        if count.isdecimal() and (len(count) > 9 or int(count) != len(files[name].regions)):
            files[name].problem = f"annotation has {len(files[name].regions)} regions, of {count} that it should have"
    yield from files.values()


def _cell(value: str) -> dict[str, object] | None:
    try:
        found = json_value(value or "{}")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _said(file: _File, in_regions: str, of_files: str) -> Said:
    found: list[str] = []
    boxes: list[Box] = []
    problem = file.problem
    try:
        for shape, attributes in file.regions:
            names = via_regions.labels(attributes.get(in_regions))
            corners = via_regions.corners(shape)
            if not names:
                raise ValueError("annotation has a region without a class")
            found += names
            boxes += [box for label in names for box in shapes.boxed(label, corners)]
    except ValueError as error:
        problem = problem or str(error)
    if of_files:
        found += via_regions.labels(file.attributes.get(of_files))
    return Said((file.name,), tuple(found), tuple(boxes), problem=problem)
