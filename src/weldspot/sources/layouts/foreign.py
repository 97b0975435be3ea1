"""Annotations of other formats: known by what they say, so that an export is refused by name."""

import re

from weldspot.sources.archive import Archive
from weldspot.sources.layouts.json_files import kinds
from weldspot.sources.layouts.xml_files import voc_heads
from weldspot.sources.members import Members

_HEAD = 1 << 16
_CSV = (r"(?i)file|image|path", r"(?i)x_?min|bbox|left|x1", r"(?i)class|label|name")


def annotations(archive: Archive, members: Members) -> dict[str, str]:
    """The format of each file that annotates images in a way that is not read here."""
    found = {}
    for name in members.others:
        suffix = name.lower().rpartition(".")[2]
        kind = None
        if suffix in ("json", "jsonl", "ndjson"):
            kind = kinds.kind(archive, name)
        elif suffix in ("csv", "tsv"):
            kind = _csv(archive, name)
        elif suffix == "xml" and voc_heads.head(archive.head(name, _HEAD)).root == "annotations":
            kind = "CVAT"
        elif suffix in ("tfrecord", "record"):
            kind = "damaged TFRecord"  # a whole one was taken apart
        if kind:
            found[name] = kind
    return found


def _csv(archive: Archive, name: str) -> str | None:
    """A table with a box in each row, or with what Label Studio says in JSON."""
    text = kinds.beginning(archive, name)
    if re.search(r"(rectangle|polygon|brush)labels", text):
        return "Label Studio"
    header = text.split("\n", 1)[0]
    return "CSV of boxes" if all(re.search(word, header) for word in _CSV) else None
