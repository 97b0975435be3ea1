"""What a source says about one image, before anybody has looked at its bytes."""

from dataclasses import dataclass
from pathlib import PurePosixPath

_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp")
IMAGE_SUFFIXES = frozenset((*_SUFFIXES, ".avif", ".heic", ".heif", ".hif"))

Box = tuple[str, float, float, float, float]  # label, xmin, ymin, xmax, ymax


@dataclass(frozen=True)
class Record:
    """An image and its annotation, in the vendor's spelling.

    `labels` has one for each object that is annotated, so that fewer `boxes` than labels are objects without a box.
    `frame` is the (width, height) the boxes are measured in: (1, 1) for fractions, None for pixels of the image.
    The bytes stay in the archive until a worker asks for them by `name`.
    """

    name: str
    labels: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    frame: tuple[float, float] | None = None


@dataclass(frozen=True)
class Rejected:
    """What can't be used, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class PassedOver:
    """A file that nobody asked for: neither a photograph nor what is said about one; and why that is believed."""

    name: str
    reason: str


def is_image(name: str) -> bool:
    """Whether the name says that this is an image of a kind that is read."""
    return PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES
