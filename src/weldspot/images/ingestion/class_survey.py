"""Which classes an export names, and how often: what a list of classes is begun with."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from weldspot.runtime.errors import WeldspotError
from weldspot.sources import folder
from weldspot.sources.archive import Archive
from weldspot.sources.layouts import recognition
from weldspot.sources.record import Record, Rejected


@dataclass(frozen=True)
class ClassSurvey:
    """`images` that show each name, in the vendor's spelling, of `annotated` ones, `empty` of which show nothing.

    `unusable`: what can't be read, with the reason. `single`: every image shows exactly one class, as a whole:
    none has a box.
    """

    layout: str
    images: dict[str, int]
    annotated: int
    empty: int
    unusable: dict[str, str]
    single: bool


def survey(source: Path, layouts: Sequence[str] = ()) -> ClassSurvey:
    """Reads the annotations of a folder or zip, no picture; `layouts`: further ones, outside the package.

    Raises:
        WeldspotError: it is no export that is read, or names no class.
    """
    with tempfile.TemporaryDirectory() as scratch:
        packed = Path(scratch) / "export.zip"
        folder.deliver(source, packed, "--from")
        with Archive(packed) as archive:
            layout = recognition.recognise(archive, str(source), layouts)
            return _counted(str(source), layout, archive)


def _counted(source: str, layout: str, archive: Archive) -> ClassSurvey:
    images: Counter[str] = Counter()
    annotated = empty = 0
    unusable: dict[str, str] = {}
    single = True
    for item in recognition.read(archive, layout):
        if isinstance(item, Record):
            annotated += 1
            empty += not item.labels
            images.update(set(item.labels))
            single &= len(set(item.labels)) == 1 and not item.boxes
        elif isinstance(item, Rejected):
            unusable[item.name] = item.reason
    if not images:
        raise WeldspotError(f"{source}: no class is named in it (read as {layout}); annotate it, or name another")
    return ClassSurvey(layout, dict(images.most_common()), annotated, empty, unusable, single)
