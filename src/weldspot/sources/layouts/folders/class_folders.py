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
PACKED = (
    ".tar",
    ".tgz",
    ".gz",
    ".tfrecord",
    ".tfrecords",
    ".record",
    ".parquet",
)  # folders that fetch makes of packed files
_MASKS = frozenset(("masks", "mask", "ground_truth", "groundtruth", "ground-truth", "gt"))
MISSING = "in no folder that could be a class"
EXAMPLE = "scratch/1.jpg, train/dent/2.jpg"
NEEDS = f"one folder a class ({EXAMPLE})"
FILES: tuple[str, ...] = ()


def survey(archive: Archive, members: Members) -> Survey:
    """Every image with its class folder, if there are at least two of them, or one that lies below a split."""
    masks = _masks(members.images)
    images = tuple(name for name in members.images if name not in masks)
    twins = _twins(images)
    places = {name: place for name in images if (place := _place(name))}
    holders = {above for place in set(places.values()) for above in place.parents}
    below_split = any(fold(above) in SPLITS for place in places.values() for above in place.parts[:-1])
    apart = {name: place for name, place in places.items() if place not in holders}
    if len({place.name for place in apart.values()}) < 2 and not below_split:
        apart = {}
    folders = {name: place.name for name, place in apart.items() if name not in twins}
    return Survey(members, folders, masks | _unlabelled(images, folders), twins)


def read(archive: Archive, found: Survey) -> Iterator[Record]:
    """Every image, labelled with its folder's name."""
    for name, folder in sorted(found.notes.items()):
        yield Record(name, (folder,))


def _place(name: str) -> PurePosixPath | None:
    """The nearest folder that is none for a split, for images in general or of a packed file; None without one.

    A folder that holds class folders is none itself: what lies in it directly has no class.
    """
    return next((folder for folder in list(PurePosixPath(name).parents)[:-1] if _could_be_a_class(folder.name)), None)


def _could_be_a_class(folder: str) -> bool:
    return fold(folder) not in SPLITS.keys() | IMAGE_FOLDERS and not folder.lower().endswith(PACKED)


def _masks(images: tuple[str, ...]) -> dict[str, str]:
    """What lies in class folders below a `ground_truth` or the like, as MVTec has it; a class may be so called."""
    found = {}
    for name in images:
        place = _place(name)
        above = {fold(part) for part in place.parts[:-1]} & _MASKS if place else set()
        if above:
            found[name] = f"a mask: it lies in a folder {min(above)}"
    return found


def _unlabelled(images: tuple[str, ...], folders: dict[str, str]) -> dict[str, str]:
    """What lies in `test` without a class, where the other images have one: it is kept for a contest, unlabelled."""
    if not folders:
        return {}
    loose = (name for name in images if name not in folders)
    return {
        name: "a test photograph without a class: in no class folder, as the others are"
        for name in loose
        if SPLITS.get(fold(PurePosixPath(name).parent.name)) == "test"
    }


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
