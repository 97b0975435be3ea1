"""CVAT for images, XML 1.1: `<image>` elements with boxes, polygons, masks and tags, in one file or several."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import iterparse

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts import shapes
from weldspot.sources.layouts.gathering import Said, gather, items
from weldspot.sources.layouts.shapes import Corners
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.layouts.xml_files import voc_heads
from weldspot.sources.layouts.xml_files.paced import Paced
from weldspot.sources.members import Members
from weldspot.sources.record import Box, Record, Rejected

TITLE = "CVAT"
MISSING = "no annotation: not among the images of a CVAT file"
NEEDS = "an annotations.xml with an <image> for each of them"
FILES: tuple[str, ...] = (".xml",)
_DEEPEST = 20
_NO_AREA = ("points", "tag", "skeleton")
_SHAPES = ("box", "polygon", "polyline", "mask", "ellipse", "cuboid", *_NO_AREA)


def survey(archive: Archive, members: Members) -> Survey:
    """Every image that one of the files has an element for."""
    said: dict[str, list[Said]] = {}
    problem = ""
    for name in (other for other in members.others if other.lower().endswith(".xml")):
        if not _is_ours(archive.head(name, 8192)):
            continue
        try:
            said[name] = list(_images(archive, name))
        except (BadMember, ParseError, ValueError, LookupError) as error:
            problem = problem or f"{name} can't be read ({' '.join(str(error).split())[:200]}); export it again"
    return gather(members, said, problem=problem)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images with their boxes; one whose element is empty shows nothing."""
    yield from items(found)


def _is_ours(data: bytes) -> bool:
    """Whether a file begins like one of CVAT's, though it may not be read for what is before that."""
    root = voc_heads.head(data).root
    return root == "annotations" or (not root and b"<annotations" in data)


def _images(archive: Archive, name: str) -> Iterator[Said]:
    """What is said of each image; of the elements one image alone is in memory. Raises ValueError."""
    root: Element | None = None
    depth = count = 0
    with archive.open(name) as stream:
        paced = Paced(stream)
        for event, element in iterparse(paced, ("start", "end"), forbid_dtd=True):
            paced.go_on()
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            count += event == "start"
            if count > archive.most_said or depth > _DEEPEST:
                raise ValueError(f"more than {archive.most_said} elements, or nested more than {_DEEPEST} times")
            if event == "start" or depth != 1:
                continue
            if element.tag == "track":
                raise ValueError("its tracks are of a video: CVAT for video; export it as CVAT for images 1.1")
            if element.tag == "image":
                yield _image(element, name)
            root.clear()


def _image(image: Element, document: str) -> Said:
    name, subset = image.get("name", ""), image.get("subset", "")
    names = (f"{subset}/{name}", name) if subset else (name,)
    labels: list[str] = []
    boxes: list[Box] = []
    problem = ""
    try:
        for element in image:
            if element.tag not in _SHAPES:
                raise ValueError(f"annotation has a shape <{element.tag}>, which is not read")
            label = element.get("label", "").strip()
            labels.append(label)
            boxes += shapes.boxed(label, None if element.tag in _NO_AREA else _corners(element))
    except ValueError as error:
        problem = str(error)
    lost = ("", "") if name else (f"{document}: image {image.get('id', '')}", "listed without a name")
    frame = shapes.frame(image.get("width"), image.get("height"))
    return Said(names if name else (), tuple(labels), tuple(boxes), frame, problem, lost)


def _corners(element: Element) -> Corners:
    """The box around a shape, which may be turned clockwise about its centre."""

    def side(key: str) -> float:
        return shapes.number(element.get(key), f"a {element.tag} whose {key} is")

    degrees = shapes.number(element.get("rotation", "0"), f"a {element.tag} whose rotation is")
    if element.tag == "box":
        box = (side("xtl"), side("ytl"), side("xbr"), side("ybr"))
        return shapes.turned(box, degrees, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
    if element.tag == "ellipse":
        return shapes.ellipse((side("cx"), side("cy")), (side("rx"), side("ry")), degrees)
    if element.tag == "mask":
        left, top, width, height = side("left"), side("top"), side("width"), side("height")
        shapes.size(width, height)
        return left, top, left + width, top + height
    if element.tag == "cuboid":
        corners = [key.removeprefix("x") for key in element.attrib if key.startswith("x")]
        return shapes.around([(side(f"x{key}"), side(f"y{key}")) for key in corners])
    pairs = [pair.split(",") for pair in element.get("points", "").split(";")]
    return shapes.around(shapes.points(pairs, f"a {element.tag}"))
