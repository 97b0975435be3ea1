"""What a JSON file is, by the words in its beginning and its shape."""

import re

from weldspot.sources.archive import Archive
from weldspot.sources.members import Members
from weldspot.sources.text import glance

_HEAD = 1 << 16
# format: words that all stand in its beginning; the first that fits is it
_WORDS = {
    "Label Studio": (
        r'"(rectanglelabels|polygonlabels|brushlabels|keypointlabels|ellipselabels|choices)"\s*:|"from_name"\s*:'
        r'|^\s*\[\s*\{.*"(annotation_id|lead_time|total_annotations|was_cancelled|inner_id)"\s*:',
    ),
    "LabelMe": (r'"shapes"\s*:\s*\[', r'"(imagePath|imageData|flags|imageHeight)"\s*:'),
    "VGG Image Annotator": (r'"_via_|"shape_attributes"\s*:|"region_attributes"\s*:|"file_attributes"\s*:',),
    "Supervisely": (r'"(classTitle|objects)"\s*:', r'"(classTitle|size|tags)"\s*:'),
    "CreateML": (r"^\s*\[", r'"annotations?"\s*:', r'"image(filename)?"\s*:'),
    "Datumaro": (r'"(dm_format_version|media_type)"\s*:',),
    "COCO": (r"^\s*\{", r'"(categories|images|annotations|file_name|category_id)"\s*:\s*[\["\d]'),
    "Labelbox": (r'"(data_row|Labeled Data)"\s*:',),
}
_PATTERNS = {kind: [re.compile(word, re.DOTALL) for word in words] for kind, words in _WORDS.items()}


def kind(archive: Archive, name: str) -> str:
    """The format of a JSON file, "" where it is none that is known."""
    text = beginning(archive, name)
    fits = (kind for kind, words in _PATTERNS.items() if all(word.search(text) for word in words))
    return next(fits, "")


def of_kind(archive: Archive, members: Members, wanted: str) -> list[str]:
    """The JSON files of one format."""
    found = (name for name in members.others if name.lower().endswith(".json"))
    return [name for name in found if kind(archive, name) == wanted]


def beginning(archive: Archive, name: str) -> str:
    """The first letters of a text, as far as it is one."""
    return glance(archive.head(name, _HEAD))
