"""Pascal VOC: an XML file for each image, beside it or in Annotations/ next to JPEGImages/."""

import math
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.record import Box, Record, Rejected, is_image

_MAX_BYTES = 8 * 1024 * 1024
_IMAGE_FOLDERS = ("jpegimages", "images")
_ANNOTATION_FOLDERS = ("Annotations", "annotations")


def matches(archive: Archive) -> bool:
    """Whether at least one XML file is an annotation."""
    return any(b"<annotation" in archive.head(name, 4096) for name in archive.names if name.lower().endswith(".xml"))


def read(archive: Archive) -> Iterator[Record | Rejected]:
    """The images with their boxes; those without a readable annotation are rejected."""
    used = set()
    for name in archive.names:
        if not is_image(name):
            continue
        annotation = _annotation(archive, name)
        if annotation is None:
            yield Rejected(name, "no annotation: no XML file of the same name")
            continue
        used.add(annotation)
        try:
            yield _parse(name, archive.read(annotation, _MAX_BYTES))
        except BadMember as error:
            yield Rejected(name, f"annotation {error}")
        except ValueError as error:
            yield Rejected(name, str(error))
    for name in archive.names:
        if name.lower().endswith(".xml") and name not in used:
            yield Rejected(name, "an annotation without an image of the same name")


def _annotation(archive: Archive, image: str) -> str | None:
    path = PurePosixPath(image)
    folders = [path.parent]
    if path.parent.name.lower() in _IMAGE_FOLDERS:
        folders += [path.parent.with_name(name) for name in _ANNOTATION_FOLDERS]
    for folder in folders:
        for suffix in (".xml", ".XML"):
            name = str(folder / (path.stem + suffix))
            if name in archive:
                return name
    return None


def _parse(name: str, xml: bytes) -> Record:
    if not xml.strip():
        raise ValueError("annotation is an empty file")
    try:
        root = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ValueError("annotation defines XML entities") from error
    except (ParseError, ValueError, LookupError) as error:
        raise ValueError(f"annotation is not valid XML ({error})") from error
    labels, boxes = [], []
    for item in root.iter("object"):
        label = (item.findtext("name") or "").strip()
        labels.append(label)
        box = item.find("bndbox")
        if box is not None:
            boxes.append(_box(label, box))
    return Record(name, tuple(labels), tuple(boxes), _frame(root))


def _box(label: str, element: Element) -> Box:
    xmin, ymin, xmax, ymax = (_number(element.findtext(side), side) for side in ("xmin", "ymin", "xmax", "ymax"))
    return label, xmin, ymin, xmax, ymax


def _number(text: str | None, side: str) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"annotation has a box whose {side} is {text!r}, not a number")
    return value


def _frame(root: Element) -> tuple[float, float] | None:
    try:
        width, height = (float(root.findtext(f"size/{side}") or 0) for side in ("width", "height"))
    except ValueError:
        return None
    return (width, height) if 0 < width < math.inf and 0 < height < math.inf else None
