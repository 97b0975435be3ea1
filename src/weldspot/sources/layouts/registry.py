"""The layouts that are read: each is a module with `survey` and `read`, and one line here."""

from collections.abc import Iterator
from typing import Protocol

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
