"""Identical images become one row; where their labels differ, one rule decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from weldspot.labels import ClassList
from weldspot.sources.record import Box


@dataclass(frozen=True)
class Found:
    """One canonical image as one source has it; its bytes lie in the scratch file `scratch` at `offset`.

    A crop has its parent's id in `parent` and its place there in `region` (xmin, ymin, xmax, ymax). `boxed`: every
    object that was annotated has its box here, so that what lies outside them shows none.
    """

    id: str
    name: str
    source: str
    labels: tuple[str, ...]
    boxes: tuple[Box, ...]
    size: tuple[int, int]
    scratch: str
    offset: int
    length: int
    parent: str = ""
    region: tuple[int, int, int, int] = (0, 0, 0, 0)
    boxed: bool = True

    def data(self, scratch: Path) -> bytes:
        """Its encoded bytes; `scratch`: the folder of scratch files."""
        with (scratch / self.scratch).open("rb") as stored:
            stored.seek(self.offset)
            return stored.read(self.length)


@dataclass(frozen=True)
class Merged:
    """The row of an image, and every place it was found (in order of name)."""

    found: Found
    labels: list[str]
    boxes: list[Box]
    places: list[Found]

    @property
    def conflicting(self) -> bool:
        """Whether its places do not agree about its labels."""
        return len({place.labels for place in self.places}) > 1


def resolve(labels: Iterable[str], classes: ClassList) -> list[str]:
    """The one rule: the union of the labels, but the background yields to whatever is there."""
    union = classes.in_order(labels)
    return [name for name in union if name != classes.background] or union


def merge(places: Sequence[Found], classes: ClassList) -> Merged:
    """One row for the places where one image was found: first name in sorted order, labels by `resolve`, every box."""
    ordered = sorted(places, key=lambda p: (p.name, p.source, p.labels, p.boxes))
    labels = resolve((label for place in ordered for label in place.labels), classes)
    boxes = sorted({box for place in ordered for box in place.boxes if box[0] in labels})
    return Merged(ordered[0], labels, boxes, ordered)
