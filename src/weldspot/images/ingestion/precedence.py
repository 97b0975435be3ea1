"""What was there first: it owns a photograph's row, age, group and labels, and its scene; what says otherwise later
is left out and reported.

Whoever can send corrections could else move labels and splits with copies of photographs that are known.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from weldspot.images.ingestion.merge import Found, Merged, merge
from weldspot.images.scenes.fingerprint import distances
from weldspot.images.scenes.nearness.print_file import BLOCK, PrintFile
from weldspot.labels import ClassList
from weldspot.sources.record import Rejected

_ROWS = 512  # photographs compared at a time


@dataclass(frozen=True)
class Firsts:
    """`merged`: the row of each image id, of the places where it was first; `numbers`: those places' own.

    `age`: of each id; `contradicting`: what came later under other labels, or at once under two.
    """

    merged: dict[str, Merged]
    numbers: list[int]
    age: dict[str, int]
    contradicting: list[Rejected]


def firsts(places: Sequence[Found], ages: Sequence[int], classes: ClassList) -> Firsts:
    """Who was first. Of age 0 all places count, as `merge` has it: one export may hold an image twice.

    Args:
        places: Where images were found.
        ages: Of each place, 0 is oldest.
        classes: The list.
    """
    by_id: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        by_id[place.id].append(number)
    found = Firsts({}, [], {}, [])
    for image_id, numbers in by_id.items():
        age = min(ages[number] for number in numbers)
        first = [number for number in numbers if ages[number] == age]
        row = merge([places[number] for number in first], classes)
        if age and row.conflicting:
            found.contradicting.extend(_two_things(row, [places[number] for number in numbers]))
            continue
        found.merged[image_id], found.age[image_id] = row, age
        found.numbers.extend(first)
        later = (places[number] for number in numbers if ages[number] > age)
        found.contradicting.extend(
            _contradicts(place, place.labels, row, "the same photograph")
            for place in later
            if [*place.labels] != row.labels
        )
    return found


def cut_before(crops: Iterable[Merged], merged: dict[str, Merged]) -> list[Rejected]:
    """Takes photographs away that are, byte for byte, crops of older ones; returns those that say otherwise of them."""
    found = []
    for crop in crops:
        later = merged.pop(crop.found.id, None)
        if later is not None and later.labels != crop.labels:
            found += [_contradicts(place, later.labels, crop, "of which this is a piece") for place in later.places]
    return found


def outvoted(
    firsts: Firsts, group_of: Mapping[str, str | None], places: Sequence[Found], prints: PrintFile
) -> dict[str, Rejected]:
    """Of each image id that joined a scene later and has other labels than the founder that it is most like: why not.

    A scene's founders are its images of the lowest age. Each that stays agrees with one of them, so a scene is never
    labelled in a way in which it was not from its beginning.

    Args:
        firsts: Of `places`.
        group_of: The scene of each image id; None for what has none.
        places: Where images were found.
        prints: Their fingerprints, in the same order.
    """
    scenes: dict[str, list[str]] = defaultdict(list)
    for image_id, group in group_of.items():
        if group is not None:
            scenes[group].append(image_id)
    number_of = {places[number].id: number for number in firsts.numbers}
    found = {}
    for members in scenes.values():
        born = min(firsts.age[image_id] for image_id in members)
        founders = [image_id for image_id in members if firsts.age[image_id] == born]
        later = [image_id for image_id in members if firsts.age[image_id] > born]
        for image_id, like in _most_like(later, founders, firsts.merged, number_of, prints):
            row, other = firsts.merged[image_id], firsts.merged[like]
            if row.labels != other.labels:
                found[image_id] = _contradicts(row.places[0], row.labels, other, "a photograph of the same scene")
    return found


def _most_like(
    later: Sequence[str],
    founders: Sequence[str],
    merged: Mapping[str, Merged],
    number_of: Mapping[str, int],
    prints: PrintFile,
) -> Iterable[tuple[str, str]]:
    """Each later image with the founder that it is most like; with any, where all founders have the same labels."""
    if len({tuple(merged[image_id].labels) for image_id in founders}) == 1:
        yield from ((image_id, founders[0]) for image_id in later)
        return
    for start in range(0, len(later), _ROWS):
        some = later[start : start + _ROWS]
        nearest = _nearest(prints.rows([number_of[i] for i in some]), [number_of[i] for i in founders], prints)
        yield from ((image_id, founders[k]) for image_id, k in zip(some, nearest.tolist(), strict=True))


def _nearest(some: Float[np.ndarray, "n 1024"], others: Sequence[int], prints: PrintFile) -> Int[np.ndarray, " n"]:
    """Which of the others each is nearest to; the first of several."""
    best, nearest = np.full(len(some), np.inf), np.zeros(len(some), np.int64)
    for start in range(0, len(others), BLOCK):
        apart = distances(some, prints.rows(others[start : start + BLOCK]))
        closest = apart.argmin(1)
        distance = apart[np.arange(len(some)), closest]
        nearest[distance < best] = start + closest[distance < best]
        best = np.minimum(best, distance)
    return nearest


def _two_things(row: Merged, places: Iterable[Found]) -> Iterable[Rejected]:
    said = " and as ".join(sorted({" and ".join(place.labels) for place in row.places}))
    return [Rejected(place.name, f"contradicts itself: one batch has it as {said}") for place in places]


def _contradicts(place: Found, labels: Sequence[str], row: Merged, what: str) -> Rejected:
    said, known = " and ".join(labels), " and ".join(row.labels)
    return Rejected(place.name, f"contradicts {row.places[0].name}, {what}: {said} instead of {known}")
