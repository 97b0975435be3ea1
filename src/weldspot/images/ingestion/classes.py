"""The objects of an annotation that are of the list's classes, and what is done about the others."""

from collections import Counter
from dataclasses import dataclass

from weldspot.images.codec import BadImage
from weldspot.labels import ClassList
from weldspot.sources.record import Box, Record


@dataclass(frozen=True)
class Objects:
    """`labels` and `boxes` in our spelling, `dropped` in the vendor's; `boxed`: each object has its box here."""

    labels: list[str]
    boxes: list[Box]
    dropped: list[str]
    boxed: bool


def known(record: Record, classes: ClassList, drop: bool) -> Objects:
    """What is annotated, by class.

    Args:
        record: As the vendor has it.
        classes: The list.
        drop: Whether what is of an unknown class is left out where a known one is there too; of a retired one it is.

    Raises:
        BadImage: a class is unknown, and may not be or is not all there is to leave out.
    """
    meant = {label: classes.canonical(label) for label in (*record.labels, *(box[0] for box in record.boxes))}
    unknown = sorted(label for label, name in meant.items() if name is None)
    labels = [name for name in meant.values() if name]
    lost = [label for label in unknown if not classes.is_retired(label)]
    if lost and not (drop and labels):
        raise BadImage("unknown class " + ", ".join(repr(label[:80]) for label in lost))
    if unknown and not labels:
        raise BadImage("only of retired classes: " + ", ".join(repr(label[:80]) for label in unknown))
    boxes = [(name, *box[1:]) for box in record.boxes if (name := meant[box[0]])]
    boxed = Counter(record.labels) <= Counter(box[0] for box in record.boxes)
    return Objects(labels, boxes, unknown, boxed and not unknown)
