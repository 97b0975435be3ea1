"""Files that each speak of many images, brought together: what is said of each image, by which file, and of which none.

An image that is spoken of twice (by the parts of an export, or in one file) must be said to show the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from weldspot.sources.layouts.naming import Names, Place
from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import Members
from weldspot.sources.record import Box, Record, Rejected


@dataclass(frozen=True)
class Said:
    """What a file says of one image.

    `names`: how the file calls it, and how else that may be spelled; `labels`, `boxes` and `frame` as in a Record;
    `problem`: why it can't be used, "" when it can. `lost`: how the quarantine calls it, and why, where no image of one
    of these names is there.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    frame: tuple[float, float] | None = None
    problem: str = ""
    lost: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class _Claim:
    document: str
    said: Said
    place: Place


def gather(
    members: Members, said: Mapping[str, Sequence[Said]], passed: Mapping[str, str] | None = None, problem: str = ""
) -> Survey:
    """What the files of one layout say of the images of an export.

    Args:
        members: The files of the export.
        said: What each file says.
        passed: What is said in them and not used, with the reason.
        problem: Why one of the files can't be read.
    """
    names = Names(members.images, {file: [one.names for one in of] for file, of in said.items()})
    claims: dict[str, list[_Claim]] = defaultdict(list)
    aside: dict[str, str] = {}
    doubtful: dict[str, str] = {}
    orphans: dict[str, str] = {}
    for document, of in said.items():
        for one in of:
            place = names.find(document, one.names)
            if len(place.images) == 1:
                claims[place.images[0]].append(_Claim(document, one, place))
                why = f"of the same name as {place.images[0]}, which {document} is about; a mask, or a copy?"
                aside.update(dict.fromkeys(place.aside, why))
            elif place.images:
                why = f"{one.names[0]} in {document} could be each of {', '.join(place.images[:5])}; rename one"
                doubtful.update(dict.fromkeys(place.images, why))
            else:
                _orphan(orphans, one, document, members)
    items: dict[str, Record | Rejected] = {}
    notes: dict[str, str] = {}
    for image, found in claims.items():
        sure = [claim for claim in found if claim.place.full]
        for claim in found if sure else ():
            if not claim.place.full:
                _orphan(orphans, claim.said, claim.document, members)
        if image not in doubtful:
            items[image], notes[image] = _settled(image, sure or found), (sure or found)[0].document
    aside = {image: why for image, why in aside.items() if image not in notes}
    return Survey(members, notes, aside, doubtful, orphans, tuple(said), problem, items, dict(passed or {}))


def _orphan(orphans: dict[str, str], one: Said, document: str, members: Members) -> None:
    name, why = one.lost
    name = name or next(iter(one.names), "an image without a name")
    while name in orphans or name in members.images:  # of another file, or of an image that is there
        name = f"{document}: {name}"
    orphans[name] = why or f"named in {document}, but there is no such image"


def _settled(image: str, claims: Sequence[_Claim]) -> Record | Rejected:
    """The record of an image, or why there is none."""
    first = claims[0].said
    for claim in claims[1:]:
        if _content(claim.said) != _content(first):
            files = list(dict.fromkeys(claim.document for claim in claims))
            who = f"{' and '.join(files[:3])} say" if len(files) > 1 else f"{files[0]} names it twice and says"
            return Rejected(image, f"{who} different things of it; keep one")
    if first.problem:
        return Rejected(image, first.problem)
    return Record(image, first.labels, first.boxes, first.frame)


def _content(said: Said) -> tuple[object, ...]:
    boxes = sorted((label, *(round(side, 1) for side in sides)) for label, *sides in said.boxes)
    return sorted(said.labels), boxes, said.problem


def items(found: Survey) -> Iterable[Record | Rejected]:
    """What a survey has already read, in order of name."""
    return (item for _, item in sorted(found.items.items()))
