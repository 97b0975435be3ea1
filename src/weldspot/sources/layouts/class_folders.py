"""One folder a class: the folder an image lies in is its label."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

from weldspot.sources.archive import Archive
from weldspot.sources.layouts.pairing import IMAGE_FOLDERS, SPLITS, fold
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import Members
from weldspot.sources.record import Record

TITLE = "class folders"
MISSING = "in no folder that could be a class"
EXAMPLE = "Crack/1.jpg, train/Porosity/2.jpg"


def survey(archive: Archive, members: Members) -> Survey:
    """Every image with its class folder, if there are at least two."""
    twins = _twins(members.images)
    folders = {name: folder for name in members.images if (folder := _class(name))}
    names = set(folders.values())
    if len(names) < 2:  # one might be the root of them all
        folders = {}
    return Survey(members, {n: f for n, f in folders.items() if n not in twins}, doubtful=twins)


def read(archive: Archive, found: Survey) -> Iterator[Record]:
    """Every image, labelled with its folder's name."""
    for name, folder in sorted(found.notes.items()):
        yield Record(name, (folder,))


def _class(name: str) -> str:
    """The nearest folder that is none for a split or for images in general; "" without one."""
    folders = reversed(PurePosixPath(name).parts[:-1])
    return next((folder for folder in folders if fold(folder) not in SPLITS.keys() | IMAGE_FOLDERS), "")


def _twins(images: tuple[str, ...]) -> dict[str, str]:
    """`weld1.jpg` beside `weld1.png`: one may be the mask of the other."""
    same: dict[PurePosixPath, list[str]] = defaultdict(list)
    for name in images:
        same[PurePosixPath(name).with_suffix("")].append(name)
    return {
        name: f"{' and '.join(names)}: one may be a mask of the other; keep one"
        for names in same.values()
        if len(names) > 1
        for name in names
    }
