"""Which annotation belongs to which image: by their stems, whatever the folders are called and whatever the case.

Folders decide where a stem stands more than once. The nearest place wins: the same folder; a folder of images beside
one of annotations, by their usual names; any two trees of which one holds no annotations and the other no images.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import PurePosixPath

Place = tuple[str, ...]  # the folders above a file, folded
Rank = tuple[int, int, bool]  # lower is nearer

IMAGE_FOLDERS = frozenset(
    ("images", "image", "imgs", "img", "jpegimages", "jpgimages", "pictures", "pics", "photos", "photo")
)
ANNOTATION_FOLDERS = frozenset(
    ("labels", "label", "annotations", "annotation", "annots", "annot", "anns", "ann", "xmls", "xml", "txts", "txt")
)
_MANY = 32  # a name that more images than this have (frames of clips) is looked for in its usual places alone
SPLITS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "val"),
    **dict.fromkeys(("test", "testing"), "test"),
}


def fold(name: str) -> str:
    """A name as it is compared: composed letters, no case."""
    return unicodedata.normalize("NFC", name).casefold()


@dataclass(frozen=True)
class Pairs:
    """`of`: the annotation of each image; `doubtful`: images and annotations that nobody can tell apart, and why;
    `twins`: images of which another of the same name has the annotation; `orphans`: annotations without an image.
    """

    of: dict[str, str] = field(default_factory=dict)
    doubtful: dict[str, str] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)
    orphans: tuple[str, ...] = ()


def pair(images: Sequence[str], annotations: Sequence[str], said: Mapping[str, str] | None = None) -> Pairs:
    """Pairs each image with the one annotation that is its own.

    Args:
        images: Paths in the export.
        annotations: Paths in the export.
        said: The image's file name that an annotation itself gives, where it gives one.
    """
    meets = _Meeting(images, annotations)
    pairs = Pairs()
    edges: list[tuple[Rank, str, str]] = []
    spurned: list[tuple[str, str]] = []
    for annotation in annotations:
        same = {image: rank for image in meets.by_stem(annotation) if (rank := meets.rank(image, annotation))}
        named = {image: rank for image in meets.by_name(said, annotation) if (rank := meets.rank(image, annotation))}
        if same and named and not same.keys() & named.keys():
            why = f"{annotation} has the name of {min(same)}, but says that it is of {min(named)}; rename or mend it"
            pairs.doubtful.update(dict.fromkeys((annotation, *same), why))
            continue
        chosen = {image: rank for image, rank in same.items() if image in named} if same and named else same or named
        edges += [(rank, image, annotation) for image, rank in chosen.items()]
        spurned += [(image, annotation) for image in same.keys() - chosen.keys()]
    _marry(edges, pairs)
    taken = {annotation: image for image, annotation in pairs.of.items()}
    for image, annotation in [*spurned, *((image, annotation) for _, image, annotation in edges)]:
        if annotation in taken and image not in pairs.of and image not in pairs.doubtful:
            pairs.twins[image] = f"{annotation}, of the same name, belongs to {taken[annotation]}; a mask, or a copy?"
    _suspect(pairs, said or {})
    known = {*pairs.of.values(), *pairs.doubtful}
    return Pairs(pairs.of, pairs.doubtful, pairs.twins, tuple(a for a in annotations if a not in known))


def _marry(edges: Iterable[tuple[Rank, str, str]], pairs: Pairs) -> None:
    """Rank by rank: who has one partner is paired, who has several is doubtful."""
    ordered = sorted(edges)
    for _, same in groupby(ordered, key=lambda edge: edge[0]):
        gone = pairs.of.keys() | set(pairs.of.values()) | pairs.doubtful.keys()
        images_of, notes_of = defaultdict(list), defaultdict(list)
        for _, image, note in same:
            if note not in gone:  # an image that is taken counts: what is left over is no proof
                images_of[note].append(image)
                notes_of[image].append(note)
        for note, images in images_of.items():
            if all(image in gone for image in images):
                continue
            if len(images) > 1:
                for image in images:
                    pairs.of.pop(image, None)
                why = f"{note} could be of each of {', '.join(images[:5])}; rename one"
                pairs.doubtful.update(dict.fromkeys((note, *images), why))
            elif len(notes_of[images[0]]) > 1:
                _both_claim(pairs, images[0], notes_of[images[0]])
            else:
                pairs.of[images[0]] = note
    holders = set(pairs.of.values())
    for _, image, note in ordered:
        if note not in holders and note not in pairs.doubtful and image in pairs.of:
            _both_claim(pairs, image, [pairs.of.pop(image), note])


def _suspect(pairs: Pairs, said: Mapping[str, str]) -> None:
    """Where others are masks, one whose photograph is lost must not take its place."""
    twins = {PurePosixPath(twin).parent for twin in pairs.twins}
    for image, note in list(pairs.of.items()):
        ours = PurePosixPath(image)
        among = ours.parent in twins
        renamed = fold(_base(said.get(note, ""))) not in ("", fold(ours.name), fold(ours.stem))
        if pairs.twins and (renamed or (among and ours.parent != PurePosixPath(note).parent)):
            del pairs.of[image]
            why = f"{note} may be of another image than {image}, beside which masks or copies lie; remove those"
            pairs.doubtful.update(dict.fromkeys((image, note), why))


def _base(name: str) -> str:
    return re.split(r"[/\\]", name.strip())[-1]


def _both_claim(pairs: Pairs, image: str, notes: list[str]) -> None:
    why = f"{' and '.join(notes)} both claim {image}; keep one"
    pairs.doubtful.update(dict.fromkeys((image, *notes), why))


class _Meeting:
    """Who may meet whom: the images of a stem, and how far apart they and an annotation lie."""

    def __init__(self, images: Sequence[str], annotations: Sequence[str]) -> None:
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        self._at: dict[tuple[Place, str], set[str]] = defaultdict(set)
        for image in images:
            path = PurePosixPath(image)
            self._names[fold(path.name)].add(image)
            for key in (path.stem, path.name):  # `a.txt` and `a.jpg.txt`
                self._stems[fold(key)].add(image)
                self._at[_place(image), fold(key)].add(image)
        self._notes = Counter(fold(PurePosixPath(annotation).stem) for annotation in annotations)
        self._places = {name: _place(name) for name in (*images, *annotations)}
        self._with_images = _above(self._places[name] for name in images)
        self._with_annotations = _above(self._places[name] for name in annotations)
        self._common = {part for place in self._with_images for part in place} & {
            part for place in self._with_annotations for part in place
        }

    def by_stem(self, annotation: str) -> list[str]:
        found = self._stems.get(fold(PurePosixPath(annotation).stem), set())
        return self._few(found, fold(PurePosixPath(annotation).stem), annotation)

    def by_name(self, said: Mapping[str, str] | None, annotation: str) -> list[str]:
        name = _base((said or {}).get(annotation, ""))
        found = self._names.get(fold(name), set()) if name else set()
        return self._few(found, fold(name), annotation)

    def _few(self, found: set[str], key: str, annotation: str) -> list[str]:
        """All of them, or of very many those in the usual places."""
        if len(found) <= _MANY:
            return sorted(found)
        place = self._places[annotation]
        usual = [place] + [
            (*place[:index], word, *place[index + 1 :])
            for index, part in enumerate(place)
            if part in ANNOTATION_FOLDERS
            for word in IMAGE_FOLDERS
        ]
        return sorted(found & {image for at in usual for image in self._at.get((at, key), ())})

    def rank(self, image: str, annotation: str) -> Rank | None:
        """None where their folders say that they have nothing to do with each other."""
        stem = PurePosixPath(annotation).stem
        other = stem not in (PurePosixPath(image).stem, PurePosixPath(image).name)
        here, there = self._places[image], self._places[annotation]
        if here == there:
            return 0, int(PurePosixPath(image).parent != PurePosixPath(annotation).parent), other
        if _near(self._places, image, annotation):
            return 1, 0, other
        key = fold(stem)
        alone = self._notes[key] == len(self._stems[key]) == 1
        if not alone and (set(here) ^ set(there)) & self._common:
            return None  # of several of one name, each belongs to its own part of the export
        return (2, _difference(here, there), other) if self._parallel(here, there) else None

    def _parallel(self, here: Place, there: Place) -> bool:
        deep = next(
            (i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(map(len, (here, there)))
        )
        if len(here) > deep and here[: deep + 1] in self._with_annotations:
            return False
        if len(there) > deep and there[: deep + 1] in self._with_images:
            return False
        mine, theirs = _splits(here), _splits(there)
        if mine and theirs and not mine & theirs:
            return False
        if (set(here) - set(there)) & self._common and (set(there) - set(here)) & self._common:
            return False  # each lies in a part of the export that the other kind knows too
        below, beside = here[deep + 1 :], there[deep + 1 :]
        return _within(below, beside) or _within(beside, below)


def _near(places: Mapping[str, Place], image: str, annotation: str) -> bool:
    """Whether they lie in one folder, or in `…/images/…` and `…/labels/…`."""
    here, there = places[image], places[annotation]
    changed = [(a, b) for a, b in zip(here, there, strict=False) if a != b]
    usual = len(changed) == 1 and changed[0][0] in IMAGE_FOLDERS and changed[0][1] in ANNOTATION_FOLDERS
    return here == there or (len(here) == len(there) and usual)


def _place(name: str) -> Place:
    return tuple(fold(part) for part in PurePosixPath(name).parts[:-1])


def _above(places: Iterable[Place]) -> set[Place]:
    return {place[:end] for place in set(places) for end in range(len(place) + 1)}


def _splits(place: Place) -> set[str]:
    return {SPLITS[part] for part in place if part in SPLITS}


def _difference(here: Place, there: Place) -> int:
    return sum(((Counter(here) - Counter(there)) + (Counter(there) - Counter(here))).values())


def _within(part: Place, whole: Place) -> bool:
    """Whether `part` is what is left of `whole` when some of it is struck out."""
    rest = iter(whole)
    return all(item in rest for item in part)
