"""Groups of photographs of one scene: vendor copies, tiles of one plate, frames of one clip, and near-duplicates."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from scipy.cluster.hierarchy import DisjointSet

from weldspot.images.scenes.fingerprint import near_pairs

if TYPE_CHECKING:
    _Sets = DisjointSet[int]
else:
    _Sets = DisjointSet  # generic in its stubs alone

_COPY = re.compile(r"^(?P<stem>.+?)\.rf\.[0-9A-Za-z]+(\.\w+)?$")
_FORMAT = re.compile(r"_(jpe?g|png|bmp|webp|tiff?)$", re.IGNORECASE)
_TILE = re.compile(r"^(?P<plate>.+?)_(block|tile|patch)_\d+_\d+(?=[_.\-]|$)", re.IGNORECASE)
_FRAME = re.compile(r"^(?P<video>.*(vid|video|frame)[_-]?)(?P<frame>\d{1,9})$", re.IGNORECASE)


def groups(
    names: Sequence[str],
    fingerprints: Float[np.ndarray, "n 1024"],
    threshold: float,
    clip_gap: int,
    ages: Sequence[int] | None = None,
) -> list[str | None]:
    """A group id for each image; images of one scene, directly or through others, have the same.

    With `ages` what comes later changes nothing about what was there: a group is named after its first image, and a
    later image that looks like two older groups would join them, so it has no group (None). Images of age 0 are joined
    whatever their order.

    Args:
        names: Paths in the export, as many as there are fingerprints.
        fingerprints: Of the images, one a row.
        threshold: The distance under which two images show one scene.
        clip_gap: How many numbers apart two frames of one video may be.
        ages: 0 is oldest; rising. None: all are of age 0.
    """
    ages = [0] * len(names) if ages is None else ages
    sets = DisjointSet(range(len(names)))
    first: dict[str, int] = {}
    for i, name in enumerate(names):
        if ages[i] == 0 and (scene := scene_name(name)) is not None:
            sets.merge(i, first.setdefault(scene, i))
    for scene, next_scene in clips(first, clip_gap):
        sets.merge(first[scene], first[next_scene])
    like: dict[int, list[int]] = defaultdict(list)
    for i, j, _ in near_pairs(fingerprints, threshold):
        if ages[j] == 0:
            sets.merge(i, j)
        else:
            like[j].append(i)
    left_out = _join_later(sets, like, ages)
    return [None if i in left_out else group for i, group in enumerate(_named(sets, names))]


def scene_name(name: str) -> str | None:
    """What a vendor's file name says about its scene: the stem of a copy, the plate of a tile; None when nothing."""
    base = re.split(r"[\\/]", name)[-1]
    if tile := _TILE.match(base):
        return tile["plate"]
    if copy := _COPY.match(base):
        return _FORMAT.sub("", _FORMAT.sub("", copy["stem"]))
    return None  # image.jpg, 100.jpg: every camera writes these


def clips(scenes: Iterable[str], gap: int) -> Iterator[tuple[str, str]]:
    """Pairs of scenes that are frames of one video at most `gap` numbers apart: one bead, moments later."""
    frames = sorted((m["video"], int(m["frame"]), s) for s in scenes if (m := _FRAME.match(s)))
    for (video, number, scene), (next_video, next_number, next_scene) in pairwise(frames):
        if video == next_video and next_number - number <= gap:
            yield scene, next_scene


def _join_later(sets: _Sets, like: dict[int, list[int]], ages: Sequence[int]) -> set[int]:
    """Joins images of later ages, one by one, to what they look like; returns those that would join two older ones."""
    born = {sets[i]: 0 for i, age in enumerate(ages) if age == 0}
    left_out: set[int] = set()
    for j in (j for j, age in enumerate(ages) if age):
        roots = {sets[i] for i in like[j] if i not in left_out}
        if sum(born[root] < ages[j] for root in roots) > 1:
            left_out.add(j)
            continue
        for root in roots:
            sets.merge(root, j)
        born[sets[j]] = min([ages[j], *(born[root] for root in roots)])
    return left_out


def _named(sets: _Sets, names: Sequence[str]) -> Iterator[str]:
    """For each image a hash of the name of its group's first one."""
    eldest: dict[int, str] = {}
    for i, name in enumerate(names):
        eldest.setdefault(sets[i], name)
    for i in range(len(names)):
        yield hashlib.sha256(eldest[sets[i]].encode("utf-8", "surrogateescape")).hexdigest()[:12]
