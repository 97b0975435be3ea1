"""One folder a class: the folder an image lies in is its label."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from weldspot.labels import canonical
from weldspot.sources.archive import Archive
from weldspot.sources.record import Record, Rejected, is_image

EXAMPLE = "Crack/1.jpg, train/Porosity/2.jpg"


def matches(archive: Archive) -> bool:
    """Whether at least one image lies in a folder named like a class."""
    return any(canonical(PurePosixPath(name).parent.name) for name in archive.names if is_image(name))


def read(archive: Archive) -> Iterator[Record | Rejected]:
    """Every image, labelled with its folder's name."""
    for name in archive.names:
        if is_image(name):
            yield Record(name, (PurePosixPath(name).parent.name,))
