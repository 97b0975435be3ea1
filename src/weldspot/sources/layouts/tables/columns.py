"""What the columns of a table are, by their names: which image, its classes, a box, the picture's size.

Names are compared without case, spaces, `_`, `-` and `.`. What could be read in two ways is not read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PATHS = (
    *("filename", "filepath", "file", "path", "imagepath", "imagefile", "imagefilename", "imagename", "image"),
    *("imageid", "img", "imgpath", "imgname", "imgfile", "photo", "imageurl", "url", "uri"),
)
# a name goes before a number: `label_name` before `label`
LABELS = (
    *("classname", "labelname", "categoryname", "defectname", "defecttype", "classes", "labels", "categories", "tags"),
    *("class", "label", "category", "defect", "defects", "tag", "target", "classid", "labelid", "categoryid"),
)
_CORNERS = (("xmin", "ymin", "xmax", "ymax"), ("x1", "y1", "x2", "y2"), ("left", "top", "right", "bottom"))
_SIZED = (("x", "y", "w", "h"),)
_CENTRED = (("xcenter", "ycenter", "w", "h"), ("cx", "cy", "w", "h"), ("xcenter", "ycenter", "boxwidth", "boxheight"))
_BOXED = (("bboxx", "bboxy", "bboxw", "bboxh"), ("bboxx", "bboxy", "bboxwidth", "bboxheight"))
_HINTS = frozenset(("xmin", "xmax", "ymin", "ymax", "x1", "x2", "y1", "y2", "bbox", "bboxes", "box", "boundingbox"))
_SIZES = (("width", "height"), ("imagewidth", "imageheight"), ("imgwidth", "imgheight"))
_OTHERS = frozenset(("annotator", "annotationid", "regionshapeattributes", "encodedpixels"))  # of other tools' tables

CORNERS, SIZED, CENTRED = "corners", "corner and size", "centre and size"


@dataclass(frozen=True)
class Columns:
    """Names as they stand in the header; "" for what is not there.

    `box`: four columns, of the `form` CORNERS, SIZED or CENTRED; `size`: two; `objects`: Hugging Face's column of
    boxes; `problem`: why it can't be read, though it is a table of images.
    """

    path: str
    labels: tuple[str, ...] = ()
    box: tuple[str, ...] = ()
    form: str = ""
    size: tuple[str, ...] = ()
    objects: str = ""
    problem: str = ""


def columns(header: Sequence[str]) -> Columns | None:
    """What the columns are, None for a table that is not of images and their classes."""
    names = _folded(header)
    path = path_column(header)
    labels = tuple(names[key] for key in LABELS if key in names)
    objects = names.get("objects", "")
    if not path or _OTHERS & names.keys() or not (labels or objects):
        return None
    box, form = _box(names)
    hints = [names[key] for key in names if key in _HINTS]
    hints += [names[key] for key in ("x", "y") if "x" in names and "y" in names]
    problem = ""
    if hints and not box:
        said = " ".join(", ".join(hints).split())  # a quoted name may have lines
        problem = (
            f"{said}: not four columns that are a box beyond doubt; call them xmin, ymin, xmax, ymax "
            "or x, y, w, h (from the upper left corner)"
        )
    size = next((tuple(names[key] for key in pair) for pair in _SIZES if set(pair) <= names.keys()), ())
    return Columns(path, labels, box, form, size, objects, problem)


def path_column(header: Sequence[str]) -> str:
    """The column that says which image a row is about, "" without one."""
    names = _folded(header)
    return next((names[key] for key in PATHS if key in names), "")


def _folded(header: Sequence[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for name in header:
        names.setdefault(re.sub(r"[\s_\-.]+", "", name).casefold(), name)
    return names


def _box(names: dict[str, str]) -> tuple[tuple[str, ...], str]:
    prefixed = [tuple(f"{prefix}{key}" for key in keys) for prefix in ("bbox", "box") for keys in _CORNERS]
    forms = ((CORNERS, (*_CORNERS, *prefixed)), (SIZED, (*_SIZED, *_BOXED)), (CENTRED, _CENTRED))
    found = [(form, keys) for form, sets in forms for keys in sets if set(keys) <= names.keys()]
    if len(found) != 1:
        return (), ""
    form, keys = found[0]
    return tuple(names[key] for key in keys), form
