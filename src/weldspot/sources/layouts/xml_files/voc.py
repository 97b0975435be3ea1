"""Pascal VOC: an XML file for each image, beside it or in a tree of its own."""

import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts.pairing import pair
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.layouts.xml_files import voc_heads
from weldspot.sources.members import Members
from weldspot.sources.record import Box, Record, Rejected

TITLE = "Pascal VOC"
MISSING = "no annotation: no XML file of the same name"
NEEDS = "an .xml for each image"
FILES: tuple[str, ...] = (".xml",)
_MAX_BYTES = 2 * 1024 * 1024


def survey(archive: Archive, members: Members) -> Survey:
    """Every image with the XML file of its name, or the one that names it in `<filename>`."""
    heads = {name: voc_heads.head(archive.head(name, 8192)) for name in members.others if name.lower().endswith(".xml")}
    ours = [name for name, found in heads.items() if found.root in ("annotation", "")]
    pairs = pair(members.images, ours, {name: heads[name].filename for name in ours})
    orphans = dict.fromkeys(pairs.orphans, "an annotation without an image of the same name")
    return Survey(members, pairs.of, pairs.twins, pairs.doubtful, orphans)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The annotated images with their boxes; those whose annotation can't be read are rejected."""
    for name, annotation in sorted(found.notes.items()):
        try:
            yield _parse(name, archive.read(annotation, _MAX_BYTES))
        except BadMember as error:
            yield Rejected(name, f"annotation {error}")
        except ValueError as error:
            yield Rejected(name, str(error))


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
        box = _box(label, item)
        if box is not None:
            boxes.append(box)
    return Record(name, tuple(labels), tuple(boxes), _frame(root))


def _box(label: str, item: Element) -> Box | None:
    straight, turned = item.find("bndbox"), item.find("robndbox")
    if straight is not None:
        xmin, ymin, xmax, ymax = (_number(straight.findtext(side), side) for side in ("xmin", "ymin", "xmax", "ymax"))
        return label, xmin, ymin, xmax, ymax
    if turned is not None:
        return label, *_upright(*(_number(turned.findtext(key), key) for key in ("cx", "cy", "w", "h", "angle")))
    return None


def _upright(x: float, y: float, width: float, height: float, angle: float) -> tuple[float, float, float, float]:
    """The box around a box that is turned by `angle` radians."""
    cos, sin = abs(math.cos(angle)), abs(math.sin(angle))
    across, down = (abs(width) * cos + abs(height) * sin) / 2, (abs(width) * sin + abs(height) * cos) / 2
    return x - across, y - down, x + across, y + down


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
