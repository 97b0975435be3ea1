"""WebDataset: in a tar, the files of one sample have one name: `000017.jpg` beside `000017.cls`, `.json` or `.txt`.

`.cls` is a class, by name or by number; `.json` an object with a key such as `label`; `.txt` counts as a class where
there is neither and it is one short line. Numbers are named by a `classes.txt`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

from weldspot.labels import fold
from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts import gathering
from weldspot.sources.layouts.pairing import fold as fold_name
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.layouts.tables import cells, class_names
from weldspot.sources.layouts.tables.columns import LABELS
from weldspot.sources.members import Members
from weldspot.sources.packed import tar
from weldspot.sources.record import Box, Record, Rejected
from weldspot.sources.text import decode, json_value

TITLE = "WebDataset"
MISSING = "no annotation: no .cls, .json or .txt of its sample has a class"
NEEDS = "tar files with a .cls beside each image"
FILES: tuple[str, ...] = (".cls",)
_KINDS = (".cls", ".json", ".txt")
_MAX_BYTES = 1 << 20
_SHORT = 64  # letters: longer text is a caption

Said = tuple[tuple[str, ...], tuple[Box, ...]]


def survey(archive: Archive, members: Members) -> Survey:
    """Every image in a tar whose sample has a class."""
    notes = _notes(members)
    said: dict[str, dict[str, Said | str]] = {}
    for image in members.images if notes else ():
        found = {note: _read(archive, note) for note in notes.pop(_sample(image), ())}
        kept = {note: content for note, content in found.items() if content is not None}
        if kept:
            said[image] = _chosen(kept)
    numbers = [
        label for of in said.values() for content in of.values() if isinstance(content, tuple) for label in content[0]
    ]
    names, problem = class_names.ClassNames(), ""
    if numbers and all(map(cells.is_number, numbers)):
        names = class_names.listed(archive)
        problem = "" if names.of else f"{next(iter(said))}: its class is a number; add {class_names.WHERE}"
    items = {image: _item(image, of, names) for image, of in said.items()}
    alone = [note for of in notes.values() for note in of if not note.lower().endswith(".txt")]
    orphans = {note: "a class without an image of the same name" for note in alone if _read(archive, note)}
    tables = (names.source,) if names.source else ()
    return Survey(members, {i: next(iter(of)) for i, of in said.items()}, {}, {}, orphans, tables, problem, items)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images with their classes."""
    yield from gathering.items(found)


def _notes(members: Members) -> dict[str, list[str]]:
    """The files beside the image of each sample, as far as they lie in a tar."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in members.others:
        if name.lower().endswith(_KINDS) and any(
            part.lower().endswith(tar.ENDINGS) for part in PurePosixPath(name).parts[:-1]
        ):
            found[_sample(name)].append(name)
    return found


def _sample(name: str) -> str:
    return fold_name(str(PurePosixPath(name).with_suffix("")))


def _read(archive: Archive, note: str) -> Said | str | None:
    """The classes and boxes in a file, what is wrong with it, or None where it speaks of other things."""
    try:
        text = decode(archive.read(note, _MAX_BYTES)).strip()
        if note.lower().endswith(".json"):
            return _of_json(json_value(text))
        if note.lower().endswith(".txt") and ("\n" in text or len(text) > _SHORT or not re.search(r"[^\W\d]", text)):
            return None
        return cells.labels(text), ()
    except BadMember as error:
        return f"annotation {error}"
    except (ValueError, RecursionError) as error:
        return f"annotation {note} can't be read ({' '.join(str(error).split())[:100]})"


def _of_json(content: object) -> Said | None:
    given = (
        {re.sub(r"[\s_\-.]+", "", str(k)).casefold(): v for k, v in content.items()}
        if isinstance(content, dict)
        else {}
    )
    if "objects" in given:
        objects = cells.objects(given["objects"])
        boxes = tuple((label, x, y, x + width, y + height) for label, (x, y, width, height) in objects)
        return tuple(label for label, _ in objects), boxes
    key = next((key for key in LABELS if key in given), None)
    return None if key is None else (cells.labels(given[key]), ())


def _chosen(found: dict[str, Said | str]) -> dict[str, Said | str]:
    """Without the caption of a sample that has a class."""
    sure = {note: content for note, content in found.items() if not note.lower().endswith(".txt")}
    return sure or found


def _item(image: str, said: dict[str, Said | str], names: class_names.ClassNames) -> Record | Rejected:
    wrong = next((content for content in said.values() if isinstance(content, str)), "")
    if wrong:
        return Rejected(image, wrong)
    found = {note: content for note, content in said.items() if isinstance(content, tuple)}
    if names.of:
        found = {note: _named(content, names) for note, content in found.items()}
    if len({tuple(sorted(map(fold, labels))) for labels, _ in found.values()}) > 1:
        return Rejected(image, f"{' and '.join(found)} say different things of it; keep one")
    labels, boxes = max(found.values(), key=lambda content: len(content[1]))
    return Record(image, labels, boxes)


def _named(said: Said, names: class_names.ClassNames) -> Said:
    labels, boxes = said
    return tuple(names.named(label) for label in labels), tuple((names.named(box[0]), *box[1:]) for box in boxes)
