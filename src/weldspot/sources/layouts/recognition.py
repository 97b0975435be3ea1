"""Which of the four layouts an export has, recognised by looking."""

from collections.abc import Iterator
from typing import Protocol

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.archive import Archive
from weldspot.sources.layouts import class_folders, multiclass, voc, yolo
from weldspot.sources.record import Record, Rejected

_LAYOUTS = {"voc": voc, "multiclass": multiclass, "yolo": yolo, "class_folders": class_folders}


class Layout(Protocol):
    """What every module here offers."""

    def matches(self, archive: Archive) -> bool:
        """Whether the export has this layout."""

    def read(self, archive: Archive) -> Iterator[Record | Rejected]:
        """Each image in order of its name, or why its annotation can't be used."""


def recognise(archive: Archive, where: str) -> str:
    """The name of the layout of an export.

    Raises:
        WeldspotError: it is none of the four; the export is named as `where`.
    """
    for name, layout in _LAYOUTS.items():
        if layout.matches(archive):
            return name
    raise WeldspotError(
        f"{where}: none of the four layouts: Pascal VOC (an .xml for each image), Roboflow multi-class "
        f"(_classes.csv in each folder), YOLO (data.yaml with labels/*.txt), or one folder a class "
        f"({class_folders.EXAMPLE}); export it as one of them and set source.path"
    )


def read(archive: Archive, layout: str) -> Iterator[Record | Rejected]:
    """Each image of the export in order of its name, or why its annotation can't be used."""
    yield from archive.rejected
    yield from _LAYOUTS[layout].read(archive)
