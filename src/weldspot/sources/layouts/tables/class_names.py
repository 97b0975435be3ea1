"""The names behind class numbers: of Hugging Face's features, or in a list of classes beside the images."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts import untrusted_yaml
from weldspot.sources.layouts.tables import rows
from weldspot.sources.text import decode, json_value

LISTS = ("classes.txt", "class_names.txt", "labels.txt", "names.txt", "obj.names")
WHERE = "a classes.txt with a class a line, 0 first"
_MAX_BYTES = 1 << 20


@dataclass(frozen=True)
class ClassNames:
    """`of`: the name of each number, none where nobody tells; `source`: the file that tells."""

    of: dict[int, str] = field(default_factory=dict)
    source: str = ""

    def named(self, label: str) -> str:
        """The name of a number; what has none is a class that nobody knows, and says so."""
        number = int(float(label))
        return self.of.get(number, f"class number {number} of the {len(self.of)} in {self.source}")


def listed(archive: Archive) -> ClassNames:
    """The list of classes of an export; none where there are two that differ."""
    found = {}
    for name in archive.names:
        if PurePosixPath(name).name.lower() in LISTS and (lines := _lines(archive, name)):
            found[name] = dict(enumerate(lines))
    return _only(found)


def hugging_face(archive: Archive, table: str, columns: tuple[str, ...]) -> ClassNames:
    """The ClassLabel of one of the columns, as the Parquet file itself or the data set's card (README.md) has it."""
    found: dict[str, dict[int, str]] = {}
    if table.lower().endswith(".parquet"):
        found[table] = _of_columns(_json(rows.schema(archive, table)), columns)
    for name in archive.names:
        if PurePosixPath(name).name.lower() == "readme.md":
            found[name] = _of_columns(_card(archive, name), columns)
    return _only({name: names for name, names in found.items() if names})


def _only(found: dict[str, dict[int, str]]) -> ClassNames:
    same = list(found.values())
    first = next(iter(found), "")
    return ClassNames(same[0], first) if same and all(names == same[0] for names in same) else ClassNames()


def _lines(archive: Archive, name: str) -> list[str]:
    try:
        return [line.strip() for line in decode(archive.read(name, _MAX_BYTES)).strip().splitlines()]
    except (BadMember, ValueError):
        return []


def _json(data: bytes) -> object:
    try:
        return json_value(data or b"{}")
    except ValueError:
        return {}


def _card(archive: Archive, name: str) -> object:
    """The YAML at the head of a README.md."""
    try:
        text = decode(archive.read(name, _MAX_BYTES)).lstrip()
        head, end, _ = text.removeprefix("---").partition("\n---")
        return untrusted_yaml.load(head.encode()) if text.startswith("---") and end else {}
    except (BadMember, ValueError):
        return {}


def _is_class_number(number: object) -> bool:
    return number.isdecimal() and len(number) < 10 if isinstance(number, str) else type(number) is int and number >= 0


def _of_columns(content: object, columns: tuple[str, ...]) -> dict[int, str]:
    """The names of the first of the columns that has any; of whatever column has them, where there is one alone."""
    found = list(_class_labels(content, ""))
    ours = [names for column in columns for key, names in found if key == column]
    return ours[0] if ours else found[0][1] if len(found) == 1 else {}


def _class_labels(content: object, key: str) -> Iterator[tuple[str, dict[int, str]]]:
    if isinstance(content, list):
        for item in content:
            yield from _class_labels(item, key)
    elif isinstance(content, dict):
        here = str(content.get("name") or key)
        names = content.get("names")
        if isinstance(names, list) and content.get("_type", "ClassLabel") == "ClassLabel":
            yield here, {number: str(name) for number, name in enumerate(names)}
        elif isinstance(names, dict) and names and all(_is_class_number(number) for number in names):
            yield here, {int(number): str(name) for number, name in names.items()}
        for inner, value in content.items():
            structural = inner in ("dtype", "class_label", "sequence", "list", "struct", "feature", "features", "info")
            yield from _class_labels(value, here if structural else str(inner))
