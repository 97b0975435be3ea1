"""Which image a file of annotations means by a name: `a.jpg`, `train/a.jpg`, `C:\\welds\\a.jpg`, `/data/1/a.jpg`.

A name is compared by its end, the longest first and in any case: as far as it goes, and as far as the image's path goes
below the folder that the file speaks of, it has to agree. Of a name with other folders above it than the image has, the
last part alone is believed, if it stands once among the names and once among the images.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import normpath

from weldspot.sources.layouts.pairing import ANNOTATION_FOLDERS, IMAGE_FOLDERS, SPLITS, fold

Parts = tuple[str, ...]
_MANY = 32
_DEEPEST = 64  # parts of a path that count, from its end: no image lies deeper


@dataclass(frozen=True)
class Place:
    """Where an image was found: one of `images`, if there is one alone; `full`: every folder said agrees; `aside`: of
    the same name, in a folder that is none of photographs.
    """

    images: tuple[str, ...] = ()
    full: bool = False
    aside: tuple[str, ...] = ()


def parts(name: str) -> Parts:
    """The folders and the last part of a path as any system writes it, without a drive and without `..`."""
    path = re.sub(r"^[A-Za-z]:(?=[\\/])", "", name.strip()).replace("\\", "/")
    return tuple(part for part in path.split("/") if part not in ("", ".", ".."))[-_DEEPEST:]


class Names:
    """The images of an export, and all that its files of annotations say.

    Args:
        images: Paths in the export.
        said: The names in each file: for each image the ways in which it may be spelled.
    """

    def __init__(self, images: Iterable[str], said: Mapping[str, Sequence[tuple[str, ...]]]) -> None:
        self._images = frozenset(images)
        self._by_end: dict[Parts, list[str]] = defaultdict(list)
        for image in self._images:
            folded = _folded(image)
            for start in range(len(folded)):
                self._by_end[folded[start:]].append(image)
        self._often: dict[str, set[Parts]] = defaultdict(set)
        for spellings in {spellings for names in said.values() for spellings in names}:
            for folded in map(_folded, spellings):
                if folded:
                    self._often[folded[-1]].add(_folded(spellings[0]))
        self._several = len(said) > 1
        folders = {folder for image in self._images for folder in _folded(image)[:-1]} - ANNOTATION_FOLDERS
        self._within = {document: folders & set(_folded(document)[:-1]) for document in said}
        self._called = {document: {f for f in folders if _mentions(document, f)} for document in said}
        self._reach = {document: self._below(document, names) for document, names in said.items()}
        self._roots = {document: _common_roots(names) for document, names in said.items()}

    def find(self, document: str, spellings: Sequence[str]) -> Place:
        """The image that a file means, the first of the spellings that is there."""
        best = Place()
        for index, name in enumerate(spellings):
            place = self._place(document, name, self._roots[document][index])
            if place.full:
                return place
            best = best if best.images else place
        return best

    def _place(self, document: str, name: str, root: int) -> Place:
        beside = normpath(str(PurePosixPath(document).parent / name.strip().replace("\\", "/")))
        if beside in self._images:
            return Place((beside,), True)
        folded = _folded(name)
        reach = self._reach[document]
        for length in range(len(folded), 0, -1):
            ends = self._by_end.get(folded[-length:], ())
            found = [image for image in ends if self._may_mean(document, folded, image)]
            if found:
                full = length >= len(folded) - root
                full = full or all(length >= len(_folded(image)) - len(reach) for image in found)
                if not full and (len(found) > 1 or len(self._often[folded[-1]]) > 1):
                    return Place()
                return self._one(found, name, document, full)
        return Place()

    def _may_mean(self, document: str, folded: Parts, image: str) -> bool:
        """Whether the image lies where the file speaks of: in its part of the export, and in no other split."""
        where = _folded(image)
        reach = self._reach[document]
        if len(where) > 1 and folded[-len(where) :] == where:
            return True  # all of its path is said
        if where[: len(reach)] != reach:
            return False
        above = set(where[:-1])
        called = self._called[document] if self._several else set()
        if not self._within[document] <= above or (called and not called & above):
            return False
        ours = _splits(where[len(reach) : -1])
        said = _splits(folded[:-1]) or _splits(_folded(document)[:-1])
        if not said and self._several:
            said = _splits(_words(document))
        return not (ours and said) or bool(ours & said)

    def _one(self, found: list[str], name: str, document: str, full: bool) -> Place:
        """The one of several that is spelled alike, lies where the file says, or is a photograph among masks."""
        last = parts(name)[-1]
        alike = [image for image in found if PurePosixPath(image).name == last] or found
        above = str(PurePosixPath(document).parent)
        start = len(self._reach[document])
        straight = [i for i in alike if PurePosixPath(i).parts[start:] == parts(name) or _is_below(i, above, name)]
        photographs = [image for image in alike if IMAGE_FOLDERS & set(_folded(image)[start:-1])]
        for few in (alike, straight, photographs):
            if len(few) == 1:
                aside = tuple(sorted(set(alike) - set(few))) if few is photographs else ()
                return Place((few[0],), full, aside)
        return Place(tuple(sorted(alike)), full)

    def _below(self, document: str, names: Sequence[tuple[str, ...]]) -> Parts:
        """The nearest folder above a file in which one of its images lies."""
        above = _folded(document)[:-1]
        depth = 0
        for spellings in names:
            for name in spellings:
                last = _folded(name)[-1:]
                for image in self._by_end.get(last, ())[:_MANY]:
                    depth = max(depth, _alike(_folded(image)[:-1], above))
            if depth == len(above):
                break
        return above[:depth]


def _folded(name: str) -> Parts:
    return tuple(fold(part) for part in parts(name))


def _alike(first: Parts, second: Parts) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )


def _common_roots(names: Sequence[tuple[str, ...]]) -> list[int]:
    """How many folders all the first spellings in a file begin with, all the second, …: the vendor's own root."""
    shared: list[Parts] = []
    for spellings in names:
        for index, name in enumerate(spellings):
            above = _folded(name)[:-1]
            if index == len(shared):
                shared.append(above)
            shared[index] = shared[index][: _alike(shared[index], above)]
    return [len(folders) for folders in shared]


def _splits(folders: Iterable[str]) -> set[str]:
    return {SPLITS[folder] for folder in folders if folder in SPLITS}


def _words(document: str) -> Iterator[str]:
    """`annotations/instances_train2017.json`: annotations, instances, train."""
    for word in re.split(r"[\W_]+", fold(PurePosixPath(document).stem)):
        yield word.rstrip("0123456789")


def _mentions(document: str, folder: str) -> bool:
    """Whether a file is called after a folder: `instances_plant-a.json`."""
    return re.search(rf"(?<![^\W_]){re.escape(folder)}(?![^\W_])", fold(PurePosixPath(document).stem)) is not None


def _is_below(image: str, folder: str, name: str) -> bool:
    return image.startswith("" if folder == "." else f"{folder}/") and image.endswith("/".join(parts(name)))
