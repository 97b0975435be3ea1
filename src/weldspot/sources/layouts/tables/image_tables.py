"""Any CSV, JSON lines or Parquet with a row for each image or object: a path, its class or classes, perhaps a box.

TensorFlow's object detection CSV, Hugging Face's `metadata` beside an image folder and a plain `path,label` are all
that. What the columns are is told by their names (`columns.py`); where these leave it open the table is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from weldspot.sources.archive import Archive
from weldspot.sources.layouts import gathering
from weldspot.sources.layouts.gathering import Said
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.layouts.tables import cells, class_names, multiclass, rows
from weldspot.sources.layouts.tables.columns import CENTRED, CORNERS, Columns, columns, path_column
from weldspot.sources.members import Members
from weldspot.sources.record import Box, Record, Rejected, is_image

TITLE = "a table of images"
MISSING = "no annotation: in no row of the table"
NEEDS = "a CSV, JSON lines or Parquet with columns such as filename and label"
FILES: tuple[str, ...] = rows.ENDINGS
_OVERHANG = 0.02  # of the image, by which rounding may push a coordinate out
_MOSTLY = 0.9


@dataclass
class _Image:
    """What the rows of one table say of one image. `boxes`: class, then corners as they stand."""

    labels: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    sizes: set[tuple[float, float]] = field(default_factory=set)
    problem: str = ""


def survey(archive: Archive, members: Members) -> Survey:
    """Every image that a table has a row for."""
    said: dict[str, list[Said]] = {}
    problems: list[str] = []
    lacks = ""
    endings = tuple(sorted({PurePosixPath(image).suffix.lower() for image in members.images}))
    for name in members.others:
        ours = name.lower().endswith(rows.ENDINGS) and PurePosixPath(name).name.lower() != multiclass.TABLE
        header = rows.header(archive, name) if ours else []
        of = columns(header)
        if of is None:
            lacks = lacks or _lacks(name, header)
            continue
        try:
            images, problem = _images(archive, name, of)
        except rows.BadTable as error:
            problems.append(str(error))
            continue
        said[name] = [_said(path, image, problem, endings) for path, image in images.items()]
        problems += [f"{name}: {problem}"] if problem else []
    found = gathering.gather(members, said, problem=problems[0] if problems else "")
    # a table none of whose images is here speaks of another export
    return replace(found, lacks=lacks) if found.notes or found.doubtful else replace(found, tables=(), lacks=lacks)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images that have a row, with their classes and boxes."""
    yield from gathering.items(found)


def _lacks(name: str, header: Sequence[str]) -> str:
    header = [" ".join(column.split()) for column in header]  # a quoted one may have lines
    path, has = path_column(header), ", ".join(header)[:120]
    return f"a column of classes such as label beside `{path}`, and no other tool's: {name} has {has}" if path else ""


def _images(archive: Archive, name: str, found: Columns) -> tuple[dict[str, _Image], str]:
    """The images by their path as it stands, and why nothing can be said of them."""
    images: dict[str, _Image] = {}
    wanted = [found.path, *found.labels, *found.box, *found.size, *([found.objects] if found.objects else [])]
    for line, row in rows.rows(archive, name, wanted):
        path = row.get(found.path)
        image = images.setdefault(path.strip() if isinstance(path, str) else "", _Image())
        try:
            _take(row, found, image)
        except ValueError as error:
            image.problem = image.problem or f"line {line} of {name}: {error}"
    problem = found.problem or _name_numbers(archive, name, found, images)
    return images, problem or _to_one_frame(images, found)


def _take(row: rows.Row, found: Columns, image: _Image) -> None:
    if None in row:
        raise ValueError("more or fewer cells than the table has columns")
    if found.objects:
        for label, (left, top, width, height) in cells.objects(row.get(found.objects)):
            image.labels.append(label)
            image.boxes.append((label, left, top, left + width, top + height))
        if image.boxes or not found.labels:
            return
    labels = next((named for key in found.labels if (named := cells.labels(row.get(key)))), ())
    size = [cells.number(row.get(key)) for key in found.size]
    if len(size) == 2 and size[0] and size[1]:
        image.sizes.add((size[0], size[1]))
    sides = [cells.number(row.get(key)) for key in found.box]
    corners = _corners([side for side in sides if side is not None], found.form)
    if corners is None:
        if any(side is not None for side in sides):
            raise ValueError("a box of which a side is missing")
        image.labels += [label for label in labels if label not in image.labels]
        return
    if not labels:
        raise ValueError("a box without a class")
    image.labels += labels
    image.boxes += [(label, *corners) for label in labels]


def _corners(sides: Sequence[float], form: str) -> cells.Sides | None:
    if len(sides) != 4:
        return None
    a, b, c, d = sides
    if form == CORNERS:
        return a, b, c, d
    return (a - c / 2, b - d / 2, a + c / 2, b + d / 2) if form == CENTRED else (a, b, a + c, b + d)


def _name_numbers(archive: Archive, table: str, found: Columns, images: dict[str, _Image]) -> str:
    """Puts names in the place of class numbers, if they are numbers throughout; why that can't be done."""
    labels = {label for image in images.values() for label in image.labels}
    if not labels or not all(map(cells.is_number, labels)):
        return ""
    names = class_names.hugging_face(archive, table, (*found.labels, "categories", "category", found.objects))
    names = names if names.of else class_names.listed(archive)
    if not names.of:
        some = ", ".join(sorted(labels)[:5])
        return f"its classes are numbers ({some}) and nothing names them; add {class_names.WHERE}"
    for image in images.values():
        image.labels = [names.named(label) for label in image.labels]
        image.boxes = [(names.named(box[0]), *box[1:]) for box in image.boxes]
    return ""


def _to_one_frame(images: dict[str, _Image], found: Columns) -> str:
    """Tells fractions from pixels, once for the whole table; why that can't be done."""
    if found.objects or not found.box:
        return ""
    boxes = [(image, box[1:]) for image in images.values() for box in image.boxes]
    inside = [all(-_OVERHANG <= side <= 1 + _OVERHANG for side in sides) for _, sides in boxes]
    share = sum(inside) / max(1, len(boxes))
    if 1 - _MOSTLY < share < _MOSTLY:
        return "some of its boxes are in fractions of the image and some in pixels; write all in one way"
    for image in images.values() if boxes and share >= _MOSTLY else ():
        image.sizes = {(1.0, 1.0)}
    for (image, sides), fraction in zip(boxes, inside, strict=True):
        if share >= _MOSTLY and not fraction:
            image.problem = image.problem or f"annotation has a box of {sides[0]:g} to {sides[2]:g}: not a fraction"
    return ""


def _said(path: str, image: _Image, problem: str, endings: tuple[str, ...]) -> Said:
    spelled = (path,) if is_image(path) or not path else (path, *(path + ending for ending in endings))
    problem = problem or image.problem
    if len(image.sizes) > 1:
        problem = problem or "annotation gives two sizes of the image"
    frame = next(iter(image.sizes), None) if image.boxes else None
    return Said(spelled, tuple(image.labels), tuple(image.boxes), frame, problem)
