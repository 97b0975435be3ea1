"""YOLO's data.yaml: the classes behind the numbers, and the files that it holds for.

A table holds for what lies under its folder; for what its `path`, `train`, `val` and `test` lead to; and, where it lies
in a folder without images and labels (`config/data.yaml`), for what is beside that: of this, where the folder has the
name of a part of the export (`plant-a/data.yaml`, `labels/plant-a/`), for that part alone. Of several in one folder
each holds for what its own entries lead to, if they lead anywhere. Without any of them a `classes.txt`, an `obj.names`
or a `_darknet.labels`, as Label Studio, CVAT and Roboflow write it, else any `.names` of Darknet's, is read in their
place: a class a line.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from weldspot.labels import fold
from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts import untrusted_yaml
from weldspot.sources.layouts.yolo.yolo_paths import reach
from weldspot.sources.text import decode

_NAMES = ("data.yaml", "data.yml", "dataset.yaml", "dataset.yml")
_LISTS = ("classes.txt", "obj.names", "classes.names", "labels.txt", "_darknet.labels")
_MAX_BYTES = 8 * 1024 * 1024


class BadTable(Exception):
    """Why the classes can't be told: which file, what is wrong with it, what to do."""


@dataclass(frozen=True)
class Table:
    """`classes` by number, of the file `name`, which holds for the `folders`, and for what lies below `beside` in any
    folder called `part` ("": whatever they are called); `main`: it is called as tables are.
    """

    name: str
    classes: dict[int, str]
    folders: frozenset[str]
    beside: str | None
    part: str
    main: bool

    def claims(self, path: str) -> bool:
        """Whether it holds for a file: one of its folders is above it."""
        above = _folders(path)
        return not self.folders.isdisjoint(above) or (self.beside in above and self.part in ("", *_parts(path)))


def tables(archive: Archive, files: Sequence[str]) -> list[Table]:
    """The tables of an export whose images and label files are `files`.

    Raises:
        BadTable: one can't be read, or names no classes.
    """
    occupied = {folder for name in files for folder in _folders(name)}
    parts = {part for name in files for part in _parts(name)}
    found = [(name, _read(archive, name)) for name in archive.names if name.lower().endswith((".yaml", ".yml"))]
    main = [name for name, _ in found if PurePosixPath(name).name.lower() in _NAMES]
    chosen = [(n, c) for n, c in found if (n in main if main else isinstance(c, dict) and "names" in c)]
    chosen = chosen or [(name, {"names": lines}) for name in _lists(archive) if (lines := _lines(archive, name))]
    crowded = Counter(PurePosixPath(name).parent for name, _ in chosen)
    result = []
    for name, content in chosen:
        folder = PurePosixPath(name).parent
        led = reach(archive, content, str(folder))
        alone = crowded[folder] == 1 or not led
        beside = None if str(folder) in occupied or not alone else str(folder.parent)
        part = folder.name.casefold() if folder.name.casefold() in parts else ""
        own = frozenset({str(folder)} if alone else ())
        result.append(Table(name, _classes(name, content), own | led, beside, part, name in main))
    return result


def classes(found: Sequence[Table], label: str, image: str) -> dict[int, str]:
    """The classes that hold for a label file and its image.

    Raises:
        BadTable: no table holds for them, or two that differ.
    """
    claimants = [table for table in found if table.claims(label) or table.claims(image)]
    if not claimants:
        raise BadTable(
            f"no data.yaml names the classes of {label}; add one with `names:` above it, in their order, "
            "or a classes.txt, one a line"
        )
    first = claimants[0]
    for other in claimants[1:]:
        if _folded(other) != _folded(first):
            raise BadTable(f"{first.name} and {other.name} both claim {label} and name other classes; keep one of them")
    return first.classes


def _folded(table: Table) -> dict[int, str]:
    return {number: fold(label) for number, label in table.classes.items()}


def _parts(name: str) -> list[str]:
    return [part.casefold() for part in PurePosixPath(name).parts[:-1]]


def _folders(name: str) -> list[str]:
    return [str(folder) for folder in PurePosixPath(name).parents]


def _read(archive: Archive, name: str) -> object:
    """The content of a YAML file; None where it can't be read and nobody would take it for a table."""
    try:
        return untrusted_yaml.load(archive.read(name, untrusted_yaml.MAX_BYTES))
    except (BadMember, untrusted_yaml.BadYaml) as error:
        if PurePosixPath(name).name.lower() in _NAMES:
            raise BadTable(f"{name} can't be read ({error}); mend it") from error
        return None


def _lists(archive: Archive) -> list[str]:
    """The files with a class a line: of the usual names; else of Darknet's ending, whatever they are called."""
    usual = [name for name in archive.names if PurePosixPath(name).name.lower() in _LISTS]
    return usual or [name for name in archive.names if name.lower().endswith(".names")]


def _lines(archive: Archive, name: str) -> list[str]:
    """A class a line; none where it can't be read: then nothing names the classes, which is said of the labels."""
    try:
        text = decode(archive.read(name, _MAX_BYTES))
    except (BadMember, ValueError):
        return []
    return [line.strip() for line in text.strip().splitlines()]


def _is_class_number(index: object) -> bool:
    """A number, or one written as text."""
    if isinstance(index, str):
        return index.isdecimal() and len(index) < 10
    return isinstance(index, int) and not isinstance(index, bool) and 0 <= index < 10**9


def _classes(table: str, content: object) -> dict[int, str]:
    if isinstance(content, dict) and "kpt_shape" in content:
        raise BadTable(f"{table}: keypoints (kpt_shape), YOLO's pose, which is not read; export boxes or polygons")
    names = content.get("names") if isinstance(content, dict) else None
    count = content.get("nc") if isinstance(content, dict) else None
    if isinstance(names, list) and names:
        found = {index: str(label) for index, label in enumerate(names)}
    elif isinstance(names, dict) and names and all(map(_is_class_number, names)):
        found = {int(index): str(label) for index, label in names.items()}
    else:
        raise BadTable(f"{table}: `names` is neither a list of classes nor a mapping of numbers to them; mend it")
    if isinstance(count, int) and (count != len(found) if isinstance(names, list) else count <= max(found)):
        raise BadTable(f"{table}: nc is {count}, but `names` has {len(found)} classes; mend it")
    return found
