"""The layouts that are read: each is a module with `survey` and `read`, and one line here."""

from collections.abc import Iterator
from typing import Protocol, cast

from weldspot.runtime.plugins import resolver
from weldspot.sources.archive import Archive
from weldspot.sources.layouts.folders import class_folders
from weldspot.sources.layouts.json_files import coco, createml, labelme, via
from weldspot.sources.layouts.label_studio import label_studio
from weldspot.sources.layouts.shards import tfrecords, webdataset
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.layouts.tables import image_tables, multiclass
from weldspot.sources.layouts.xml_files import cvat, voc
from weldspot.sources.layouts.yolo import yolo
from weldspot.sources.members import Members
from weldspot.sources.record import Record, Rejected


class Layout(Protocol):
    """What every layout's module offers."""

    TITLE: str
    MISSING: str  # why an image is rejected that has no annotation
    NEEDS: str  # what an export of this layout has
    FILES: tuple[str, ...]  # the endings of its annotation files

    def survey(self, archive: Archive, members: Members) -> Survey:
        """How much of the export this layout explains."""

    def read(self, archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
        """What is said of the annotated images, in order of name, or why it can't be used."""


# Annotations go before the names of folders; where two explain an export, the one that explains more of it is read.
EXPLICIT: dict[str, Layout] = {
    "voc": voc,
    "multiclass": multiclass,
    "yolo": yolo,
    "table": image_tables,
    "tfrecord": tfrecords,
    "webdataset": webdataset,
    "coco": coco,
    "cvat": cvat,
    "label_studio": label_studio,
    "labelme": labelme,
    "via": via,
    "createml": createml,
}
FOLDERS = "class_folders"
LAYOUTS: dict[str, Layout] = {**EXPLICIT, FOLDERS: class_folders}
_OFFERED = ("TITLE", "MISSING", "NEEDS", "FILES", "survey", "read")


def layout_of(name: str) -> Layout:
    """The layout of this name: built in, or the project's own.

    Raises:
        WeldspotError: what the name stands for is no layout.
    """
    if name in LAYOUTS:
        return LAYOUTS[name]
    plugin = resolver.load("layouts", name)
    if missing := [each for each in _OFFERED if not hasattr(plugin.value, each)]:
        raise plugin.unfit(f"has no {', '.join(missing)}")
    return cast("Layout", _Guarded(plugin))


class _Guarded:
    """A layout outside the package: where it fails, file and line are told."""

    def __init__(self, plugin: resolver.Plugin) -> None:
        own = plugin.value
        self.TITLE, self.MISSING, self.NEEDS, self.FILES = own.TITLE, own.MISSING, own.NEEDS, tuple(own.FILES)
        self._plugin = plugin

    def survey(self, archive: Archive, members: Members) -> Survey:
        found = self._plugin.part("survey")(archive, members)
        if not isinstance(found, Survey):
            raise self._plugin.unfit(f"gives {type(found).__name__} as its survey, not a Survey")
        return found

    def read(self, archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
        for item in self._plugin.part("read").each(archive, found):
            if not isinstance(item, Record | Rejected):
                raise self._plugin.unfit(f"gives {type(item).__name__} for an image, not a Record or Rejected")
            yield item
