"""Annotations of other formats: known by what they say, so that an export is refused by name."""

import re

from weldspot.sources.archive import Archive
from weldspot.sources.layouts.xml_files import voc_heads
from weldspot.sources.members import Members
from weldspot.sources.text import decode

_HEAD = 1 << 16
# format: words that all stand in its beginning; the first that fits is it
_JSON = {
    "Label Studio": (r'"(rectanglelabels|polygonlabels|brushlabels|keypointlabels|choices)"\s*:|"from_name"\s*:',),
    "LabelMe": (r'"shapes"\s*:\s*\[', r'"(imagePath|imageData|flags)"\s*:'),
    "VGG Image Annotator": (r'"_via_|"shape_attributes"\s*:|"region_attributes"\s*:',),
    "Supervisely": (r'"(classTitle|objects)"\s*:', r'"(classTitle|size|tags)"\s*:'),
    "CreateML": (r"^\s*\[", r'"annotations?"\s*:', r'"image(filename)?"\s*:'),
    "Datumaro": (r'"(dm_format_version|media_type)"\s*:',),
    "COCO": (r"^\s*\{", r'"(categories|images|annotations|file_name|category_id)"\s*:\s*[\["\d]'),
    "Labelbox": (r'"(data_row|Labeled Data)"\s*:',),
}
_CSV = (r"(?i)file|image|path", r"(?i)x_?min|bbox|left|x1", r"(?i)class|label|name")


def annotations(archive: Archive, members: Members) -> dict[str, str]:
    """The format of each file that annotates images in a way that is not read here."""
    found = {}
    for name in members.others:
        suffix = name.lower().rpartition(".")[2]
        kind = None
        if suffix in ("json", "jsonl", "ndjson"):
            kind = _json(archive, name)
        elif suffix in ("csv", "tsv"):
            kind = _csv(archive, name)
        elif suffix == "xml" and voc_heads.head(archive.head(name, _HEAD)).root == "annotations":
            kind = "CVAT"
        elif suffix in ("tfrecord", "record"):
            kind = "TFRecord"
        if kind:
            found[name] = kind
    return found


def _text(archive: Archive, name: str) -> str:
    data = archive.head(name, _HEAD)
    for cut in range(4):  # in the middle of a letter, perhaps
        try:
            return decode(data[: len(data) - cut])
        except UnicodeDecodeError:
            continue
    return ""


def _json(archive: Archive, name: str) -> str | None:
    text = _text(archive, name)
    return next((kind for kind, words in _JSON.items() if all(re.search(word, text) for word in words)), None)


def _csv(archive: Archive, name: str) -> str | None:
    """A table with a box in each row, or with what Label Studio says in JSON."""
    text = _text(archive, name)
    if re.search(r"(rectangle|polygon|brush)labels", text):
        return "Label Studio"
    header = text.split("\n", 1)[0]
    return "CSV of boxes" if all(re.search(word, header) for word in _CSV) else None
