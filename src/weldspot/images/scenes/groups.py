"""Groups of photographs of one scene: vendor copies, tiles of one plate, frames of one clip, and near-duplicates."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from scipy.cluster.hierarchy import DisjointSet

from weldspot.images.scenes import names
from weldspot.images.scenes.fingerprint import distances, near_pairs
from weldspot.images.scenes.nearness.lookalikes import Lookalikes

if TYPE_CHECKING:
    _Sets = DisjointSet[int]
else:
    _Sets = DisjointSet  # generic in its stubs alone

_Older = Callable[[int], Sequence[int]]  # of a picture, the near ones that were there before it

_SHOTS_ALIKE = 2.0  # times the threshold: a camera's neighbouring photographs that look half alike are of one scene


def groups(
    paths: Sequence[str],
    fingerprints: Float[np.ndarray, "n 1024"],
    threshold: float,
    clip_gap: int,
    ages: Sequence[int] | None = None,
    pattern: re.Pattern[str] | None = None,
    alike: Lookalikes | None = None,
) -> list[str | None]:
    """A group id for each image; images of one scene, directly or through others, have the same.

    With `ages` what comes later changes nothing about what was there: a group is named after its first image, and a
    later image that looks like two older groups would join them, so it has no group (None). Images of age 0 are joined
    whatever their order.

    Args:
        paths: Names in the export, as many as there are fingerprints.
        fingerprints: Of the images, one a row.
        threshold: The distance under which two images show one scene.
        clip_gap: How many numbers apart two frames of one video, or two photographs of a camera, may be.
        ages: 0 is oldest; rising. None: all are of age 0.
        pattern: The user's own rule for the names of scenes, see `names.scene_name`.
        alike: What looks like what, as `nearness.search` finds it. None: each is compared with each here.
    """
    ages = [0] * len(paths) if ages is None else ages
    sets = DisjointSet(range(len(paths)))
    said = {i: names.scene_name(path, pattern) for i, path in enumerate(paths) if ages[i] == 0}
    _join_by_name(sets, {i: scene for i, scene in said.items() if scene}, fingerprints, threshold, clip_gap)
    older = _compared(fingerprints, threshold) if alike is None else alike.older
    for j in (j for j, age in enumerate(ages) if age == 0):
        for i in older(j):
            sets.merge(i, j)
    left_out = _join_later(sets, older, ages)
    return [None if i in left_out else group for i, group in enumerate(_named(sets, paths))]


def _join_by_name(
    sets: _Sets, scene_of: dict[int, str], fingerprints: Float[np.ndarray, "n 1024"], threshold: float, gap: int
) -> None:
    """Joins images of one scene, frames of one video, and neighbours from one camera that look half alike."""
    members: dict[str, list[int]] = defaultdict(list)
    for i, scene in scene_of.items():
        members[scene].append(i)
        sets.merge(i, members[scene][0])
    for scene, next_scene in names.frames(members, gap):
        sets.merge(members[scene][0], members[next_scene][0])
    for scene, next_scene in names.shots(members, gap):
        apart = distances(fingerprints[members[scene]], fingerprints[members[next_scene]])
        if apart.min() < _SHOTS_ALIKE * threshold:
            sets.merge(members[scene][0], members[next_scene][0])


def _compared(fingerprints: Float[np.ndarray, "n 1024"], threshold: float) -> _Older:
    """All that are near, each compared with each."""
    like: dict[int, list[int]] = defaultdict(list)
    for i, j, _ in near_pairs(fingerprints, threshold):
        like[j].append(i)
    return lambda j: like.get(j, ())


def _join_later(sets: _Sets, older: _Older, ages: Sequence[int]) -> set[int]:
    """Joins images of later ages, one by one, to what they look like; returns those that would join two older ones."""
    born = {sets[i]: 0 for i, age in enumerate(ages) if age == 0}
    left_out: set[int] = set()
    for j in (j for j, age in enumerate(ages) if age):
        roots = {sets[i] for i in older(j) if i not in left_out}
        if sum(born[root] < ages[j] for root in roots) > 1:
            left_out.add(j)
            continue
        for root in roots:
            sets.merge(root, j)
        born[sets[j]] = min([ages[j], *(born[root] for root in roots)])
    return left_out


def _named(sets: _Sets, paths: Sequence[str]) -> Iterator[str]:
    """For each image a hash of the name of its group's first one."""
    eldest: dict[int, str] = {}
    for i, name in enumerate(paths):
        eldest.setdefault(sets[i], name)
    for i in range(len(paths)):
        yield hashlib.sha256(eldest[sets[i]].encode("utf-8", "surrogateescape")).hexdigest()[:12]
