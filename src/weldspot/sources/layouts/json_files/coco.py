"""COCO: images, categories and annotations in one JSON file, or in one for each part of the export."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from weldspot.sources.archive import Archive, BadMember
from weldspot.sources.layouts import masks, shapes
from weldspot.sources.layouts.gathering import Said, gather, items
from weldspot.sources.layouts.json_files import kinds
from weldspot.sources.layouts.json_files.stream import Broken, elements
from weldspot.sources.layouts.shapes import Corners
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import Members
from weldspot.sources.record import Box, Record, Rejected
from weldspot.sources.text import pieces

TITLE = "COCO"
MISSING = "no annotation: not among the images of a COCO file"
NEEDS = "a .json with images, annotations and categories"
FILES: tuple[str, ...] = (".json",)
_OTHER_TASKS = ("caption", "segments_info", "question", "answer")  # of an annotation that has no category
Id = int | str


def survey(archive: Archive, members: Members) -> Survey:
    """Every image that one of the files lists."""
    said: dict[str, list[Said]] = {}
    passed: dict[str, str] = {}
    problem = ""
    for name in kinds.of_kind(archive, members, "COCO"):
        content = _Content()
        try:
            with archive.open(name) as stream:
                for key, element in elements(pieces(stream), archive.most_said):
                    content.add(key, element)
        except (BadMember, Broken, UnicodeDecodeError) as error:
            problem = problem or f"{name} can't be read ({error}); export it again"
            continue
        if not content.images and not content.annotations:
            continue
        if content.other_task or not content.is_annotated:
            passed[name] = "COCO without objects: captions, segments of a panorama, or images alone"
            continue
        problem = problem or content.problem(name)
        said[name] = list(content.said(name))
    return gather(members, said, passed, problem)


def read(archive: Archive, found: Survey) -> Iterator[Record | Rejected]:
    """The images with their boxes; one that no annotation is of shows nothing."""
    yield from items(found)


@dataclass
class _Image:
    name: str
    frame: tuple[float, float] | None


@dataclass
class _Content:
    """What a file lists, by the numbers that it uses; `bad`: why an image's annotations can't be used."""

    categories: dict[Id, str] = field(default_factory=dict)
    images: dict[Id, _Image] = field(default_factory=dict)
    annotations: dict[Id, list[tuple[Id, Corners | None]]] = field(default_factory=lambda: defaultdict(list))
    bad: dict[Id, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    other_task: bool = False
    is_annotated: bool = False

    def add(self, key: str, element: object) -> None:
        """One element of the array `key`."""
        if key not in ("categories", "images", "annotations"):
            return
        self.is_annotated |= key == "annotations"
        if not isinstance(element, dict):
            if element not in (None, []):
                self.faults.append(f"an element of `{key}` is {str(element)[:40]!r}, no object")
            return
        if key == "annotations":
            self._annotation(element)
            return
        number, name = _id(element.get("id")), element.get("name" if key == "categories" else "file_name")
        name = name.strip() if isinstance(name, str) else ""
        if key == "categories":
            if number is not None and self.categories.setdefault(number, name) != name:
                self.faults.append(f"the category {number} is {self.categories[number]!r} and {name!r}")
        elif number is None:
            self.faults.append("an element of `images` has no id")
        else:
            image = _Image(name, shapes.frame(element.get("width"), element.get("height")))
            if self.images.setdefault(number, image) != image:
                self.faults.append(f"the image id {number} is of {self.images[number].name} and of {name}")

    def _annotation(self, element: dict[str, object]) -> None:
        if "category_id" not in element and any(word in element for word in _OTHER_TASKS):
            self.other_task = True
            return
        image, category = _id(element.get("image_id")), _id(element.get("category_id"))
        if image is None:
            self.faults.append("an annotation has no image_id")
        elif category is None:
            self.bad[image] = "annotation has an object without a category_id"
        else:
            try:
                self.annotations[image].append((category, _corners(element)))
            except ValueError as error:
                self.bad[image] = str(error)

    def problem(self, name: str) -> str:
        """Why nothing in the file can be used, "" when it can."""
        if not self.categories and self.annotations:
            self.faults.append("no `categories` name its classes")
        return f"{name}: {self.faults[0]}; mend it or export it again" if self.faults else ""

    def said(self, name: str) -> Iterator[Said]:
        """What the file says of each of its images."""
        for number in sorted(self.annotations.keys() - self.images.keys(), key=str):
            yield Said((), lost=(f"{name}: image {number}", "annotated, but not listed among the file's images"))
        for number, image in self.images.items():
            found = self.annotations.get(number, [])
            unknown = [category for category, _ in found if not self.categories.get(category)]
            problem = self.bad.get(number, "")
            if unknown:
                problem = f"annotation has the category {unknown[0]}, which `categories` does not name"
            labels = tuple(self.categories.get(category, "") for category, _ in found)
            boxes: list[Box] = []
            for label, (_, corners) in zip(labels, found, strict=True):
                boxes += shapes.boxed(label, corners)
            lost = ("", "") if image.name else (f"{name}: image {number}", "listed without a file_name")
            yield Said((image.name,) if image.name else (), labels, tuple(boxes), image.frame, problem, lost)


def _id(value: object) -> Id | None:
    """A number, also one written as text, or any other text; None for what is neither."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < 20 else value
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _corners(element: dict[str, object]) -> Corners | None:
    """The box as it is said, else around the polygons or the mask; None where there is none of them."""
    box, outline = element.get("bbox"), element.get("segmentation")
    if box:
        x, y, width, height = _four(box)
        if width or height or not outline:
            shapes.size(width, height)
            return x, y, x + width, y + height
    if isinstance(outline, dict):
        return masks.coco(outline.get("counts"), outline.get("size"))
    if isinstance(outline, list) and outline:
        polygons = outline if isinstance(outline[0], list) else [outline]
        return shapes.around([point for polygon in polygons for point in shapes.points(polygon, "a polygon")])
    return None


def _four(box: object) -> list[float]:
    values = shapes.numbers(box, "a bbox")
    if len(values) != 4:
        raise ValueError(f"annotation has a bbox of {len(values)} numbers, not x, y, width and height")
    return values
