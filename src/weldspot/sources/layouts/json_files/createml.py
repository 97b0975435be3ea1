"""CreateML: a list of images in JSON, each with its boxes by their centres, one over all or one in each folder."""

from collections.abc import Iterator, Mapping

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts import shapes
from weldspot.sources.layouts.gathering import Said, gather, items
from weldspot.sources.layouts.json_files import kinds
from weldspot.sources.layouts.json_files.stream import Broken, elements
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import Members
from weldspot.sources.record import Box, Record, Rejected
from weldspot.sources.text import pieces

TITLE = "CreateML"
MISSING = "no annotation: not among the images of a CreateML file"
NEEDS = "a .json with a list of images, each with annotations"
FILES: tuple[str, ...] = (".json",)


def survey(archive: Archive, members: Members) -> Survey:
    """Every image that one of the files lists."""
    said: dict[str, list[Said]] = {}
    problem = ""
    for name in kinds.of_kind(archive, members, TITLE):
        try:
            with archive.open(name) as stream:
                said[name] = [_said(element, name, key) for key, element in elements(pieces(stream), archive.most_said)]
        except (BadMember, Broken, UnicodeDecodeError) as error:
            said.pop(name, None)
            problem = problem or f"{name} can't be read ({error}); export it again"
    return gather(members, said, problem=problem)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images with their boxes; one without annotations shows nothing."""
    yield from items(found)


def _said(element: object, document: str, key: str) -> Said:
    if key or not isinstance(element, dict):
        raise Broken("no list of images")
    name = element.get("image", element.get("imagefilename"))
    listed = element.get("annotations", element.get("annotation"))
    if not isinstance(name, str) or not name.strip():
        return Said((), lost=(f"{document}: an image without a name", "listed without its name"))
    if not isinstance(listed, list):
        return Said((name,), problem="annotation is no list")
    labels: list[str] = []
    boxes: list[Box] = []
    try:
        for one in listed:
            label = one.get("label") if isinstance(one, dict) else None
            if not isinstance(label, str) or not label.strip():
                raise ValueError("annotation has an object without a label")
            labels.append(label.strip())
            boxes.append((labels[-1], *_corners(one.get("coordinates"))))
    except ValueError as error:
        return Said((name,), problem=str(error))
    return Said((name,), tuple(labels), tuple(boxes))


def _corners(found: object) -> shapes.Corners:
    """From the centre and the sides, in pixels."""
    place: Mapping[str, object] = found if isinstance(found, dict) else {}
    x, y, width, height = (
        shapes.number(place.get(key), f"a box whose {key} is") for key in ("x", "y", "width", "height")
    )
    shapes.size(width, height)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2
