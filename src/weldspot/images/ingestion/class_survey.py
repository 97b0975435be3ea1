"""Which classes an export names, and how often: what a list of classes is begun with."""

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from weldspot.runtime.errors import WeldspotError
from weldspot.sources import folder
from weldspot.sources.archive import Archive
from weldspot.sources.layouts import recognition
from weldspot.sources.record import Record, Rejected


@dataclass(frozen=True)
class ClassSurvey:
    """`images` that show each name, in the vendor's spelling, of `annotated` ones; `unusable`: what can't be read.

    `single`: every image shows exactly one class, as a whole: none has a box.
    """

    layout: str
    images: dict[str, int]
    annotated: int
    unusable: int
    single: bool


def survey(source: Path) -> ClassSurvey:
    """Reads the annotations of a folder or zip, no picture.

    Raises:
        WeldspotError: it is no export that is read, or names no class.
    """
    with tempfile.TemporaryDirectory() as scratch:
        packed = Path(scratch) / "export.zip"
        folder.deliver(source, packed, "--from")
        with Archive(packed) as archive:
            layout = recognition.recognise(archive, str(source))
            return _counted(str(source), layout, archive)


def _counted(source: str, layout: str, archive: Archive) -> ClassSurvey:
    images: Counter[str] = Counter()
    annotated = unusable = 0
    single = True
    for item in recognition.read(archive, layout):
        if isinstance(item, Record):
            annotated += 1
            images.update(set(item.labels))
            single &= len(set(item.labels)) == 1 and not item.boxes
        elif isinstance(item, Rejected):
            unusable += 1
    if not images:
        raise WeldspotError(f"{source}: no class is named in it (read as {layout}); annotate it, or name another")
    return ClassSurvey(layout, dict(images.most_common()), annotated, unusable, single)
