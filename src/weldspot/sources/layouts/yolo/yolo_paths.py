"""Where the `path`, `train`, `val` and `test` of a data.yaml lead to in an export that has been moved since.

An entry is a folder or a text file of images, or a list of those; relative to the table, to `path`, or absolute on the
machine that it was written on, also a Windows one: of such a path the longest tail that the export has is meant.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from posixpath import normpath

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.text import decode

_SPLITS = ("train", "val", "valid", "test")
_MAX_BYTES = 64 * 1024 * 1024


def reach(archive: Archive, content: object, folder: str) -> frozenset[str]:
    """The folders of the export that a table's entries lead to, as far as they are there.

    Args:
        archive: The export.
        content: Of the table.
        folder: In which it lies.
    """
    given = content if isinstance(content, dict) else {}
    base = _slashes(given.get("path") or ".")
    above = {str(place) for name in archive.names for place in PurePosixPath(name).parents}
    led: set[str] = set()
    for split in _SPLITS:
        entries = given.get(split) or []
        for entry in entries if isinstance(entries, list) else [entries]:
            led |= _folder_or_list(archive, _slashes(entry), folder, base, above)
    return frozenset(led)


def _folder_or_list(archive: Archive, path: str, folder: str, base: str, above: set[str]) -> set[str]:
    if not path.lower().endswith(".txt"):
        return set(_leads(path, folder, base, above))
    listed = next(_leads(path, folder, base, set(archive.names)), None)
    if listed is None:
        return set()
    beside = str(PurePosixPath(listed).parent)
    lines = {str(PurePosixPath(_slashes(line)).parent) for line in _lines(archive, listed)}
    found = ([*_leads(line, beside, base, above), *_leads(line, folder, base, above)] for line in lines)
    return {place for places in found for place in places[:1]}


def _lines(archive: Archive, name: str) -> list[str]:
    try:
        return [line.strip() for line in decode(archive.read(name, _MAX_BYTES)).splitlines() if line.strip()]
    except (BadMember, ValueError):
        return []  # what cannot be read claims nothing


def _leads(path: str, folder: str, base: str, there: set[str]) -> Iterator[str]:
    """The first place that is there, or none."""
    inside = path.lstrip("./")  # Roboflow's `../train/images` means train/images beside the table
    tried = [] if _absolute(path) or _absolute(base) else [f"{folder}/{base}/{path}"]
    tried = [f"{folder}/{inside}", *tried] if not _absolute(path) else tried
    parts = [part for part in (path if _absolute(path) else f"{base}/{path}").split("/") if part not in ("", ".", "..")]
    tails = ["/".join(parts[start:]) for start in range(len(parts))]
    tried += [f"{folder}/{tail}" for tail in tails] + tails
    found = (place for place in map(normpath, tried) if place in there and place != ".")
    yield from list(found)[:1]


def _slashes(path: object) -> str:
    return str(path).replace("\\", "/")


def _absolute(path: str) -> bool:
    return path.startswith("/") or path[1:2] == ":"
