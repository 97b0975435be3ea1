"""LabelMe: a JSON file for each image, with shapes, or with flags for the whole of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts import shapes
from weldspot.sources.layouts.json_files import kinds
from weldspot.sources.layouts.json_files.stream import Broken, elements
from weldspot.sources.layouts.pairing import pair
from weldspot.sources.layouts.shapes import Corners
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import Members
from weldspot.sources.record import Box, Record, Rejected
from weldspot.sources.text import pieces

TITLE = "LabelMe"
MISSING = "no annotation: no LabelMe .json of the same name"
NEEDS = "a .json with shapes for each image"
FILES: tuple[str, ...] = (".json",)
_PATH = re.compile(r'"imagePath"\s*:\s*("(?:[^"\\]|\\.)*")')
_NO_AREA = ("point", "points")


@dataclass(frozen=True)
class _Shown:
    """`labels`, `boxes` and `frame` as in a Record; `flags`: those of the whole image that are set."""

    labels: tuple[str, ...]
    boxes: tuple[Box, ...]
    frame: tuple[float, float] | None
    flags: tuple[str, ...]


def survey(archive: Archive, members: Members) -> Survey:
    """Every image with the JSON file of its name, or the one that names it as `imagePath`."""
    names = [name for name in members.others if name.lower().endswith(".json")]
    known = {name: kinds.kind(archive, name) for name in names}
    ours = [name for name in names if known[name] == TITLE]
    if not ours:
        return Survey(members)
    ours += [name for name in names if not known[name]]  # cut short, perhaps: its image must not pass for one without
    said = {name: path for name in ours if (path := _path(archive, name))}
    pairs = pair(members.images, ours, said)
    orphans = {name: _orphan(archive, name) for name in pairs.orphans if known[name] == TITLE}
    return Survey(members, pairs.of, pairs.twins, pairs.doubtful, orphans)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images with their boxes; one whose file has no shape shows nothing.

    Where no file has any, the flags of the images are their classes.
    """
    read = [(image, _read(archive, note)) for image, note in sorted(found.notes.items())]
    drawn = any(isinstance(one, _Shown) and one.labels for _, one in read)
    for image, one in read:
        if isinstance(one, str):
            yield Rejected(image, one)
        else:
            yield Record(image, one.labels if drawn else one.flags, one.boxes, one.frame)


def _path(archive: Archive, name: str) -> str:
    """The image that a file says it is of: the last part of a path as any system writes it."""
    text = kinds.beginning(archive, name)
    if not _PATH.search(text) and '"imageData"' in text:
        text = _end(archive, name)  # behind an embedded photograph
    found = _PATH.search(text)
    path = found[1][1:-1].replace("\\\\", "/").replace("\\/", "/") if found else ""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), path).rpartition("/")[2]


def _end(archive: Archive, name: str) -> str:
    last = ""
    try:
        with archive.open(name) as stream:
            for piece in pieces(stream):
                last = (last + piece)[-4096:]
    except (BadMember, UnicodeDecodeError):
        return ""
    return last


def _orphan(archive: Archive, name: str) -> str:
    embedded = re.search(r'"imageData"\s*:\s*"', kinds.beginning(archive, name))
    return "a LabelMe file whose image is not beside it" + (
        ", but embedded in it (imageData); save it as a file" if embedded else " (no image of its name or imagePath)"
    )


def _read(archive: Archive, name: str) -> _Shown | str:
    """What a file says, without the photograph that may be embedded in it; or why it can't be read."""
    content: dict[str, object] = {}
    listed: list[object] = []
    try:
        with archive.open(name) as stream:
            for key, element in elements(pieces(stream), archive.most_said):
                if key == "shapes":
                    content[key] = True
                    listed += [] if element == [] else [element]
                elif key in ("flags", "imageWidth", "imageHeight"):
                    content[key] = element
        return _shown(listed, content) if "shapes" in content else "annotation has no list of shapes"
    except BadMember as error:
        return f"annotation {error}"
    except UnicodeDecodeError:
        return "annotation is not text"
    except Broken as error:
        return f"annotation is not whole JSON ({error})"
    except ValueError as error:
        return str(error)


def _shown(listed: Sequence[object], content: Mapping[str, object]) -> _Shown:
    """Raises ValueError."""
    labels: list[str] = []
    boxes: list[Box] = []
    for shape in listed:
        if not isinstance(shape, dict) or not isinstance(shape.get("label"), str) or not shape["label"].strip():
            raise ValueError("annotation has a shape without a label")
        labels.append(shape["label"].strip())
        boxes += shapes.boxed(labels[-1], _corners(shape))
    flags = content.get("flags")
    raised = [flag for flag, value in flags.items() if value is True] if isinstance(flags, dict) else []
    frame = shapes.frame(content.get("imageWidth"), content.get("imageHeight"))
    return _Shown(tuple(labels), tuple(boxes), frame, tuple(raised))


def _corners(shape: Mapping[str, object]) -> Corners | None:
    """The box around a shape; None of points, which have no area."""
    kind = shape.get("shape_type") or "polygon"
    drawn = shapes.points(shape.get("points"), f"a {kind}")
    if kind in _NO_AREA:
        return None
    if kind == "circle":
        if len(drawn) != 2:
            raise ValueError("annotation has a circle that is not its centre and a point on it")
        (x, y), edge = drawn
        radius = ((edge[0] - x) ** 2 + (edge[1] - y) ** 2) ** 0.5
        return x - radius, y - radius, x + radius, y + radius
    return shapes.around(drawn)  # rectangles are two corners, masks too
