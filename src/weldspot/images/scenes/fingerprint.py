"""Which images show one scene: vendor copies, tiles of one plate, and near-duplicates however turned or lit."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np

SIDE = 32
DIMENSIONS = SIDE * SIDE
_FINE = 2 * SIDE
_LOW_PASS = 2.0  # thumbnail pixels
_FLAT = 2.0  # grey levels
_BLOCK = 512

_COPY = re.compile(r"^(?P<stem>.+?)\.rf\.[0-9A-Za-z]+(\.\w+)?$")
_FORMAT = re.compile(r"_(jpe?g|png|bmp|webp|tiff?)$", re.IGNORECASE)
_TILE = re.compile(r"^(?P<plate>.+?)_(block|tile|patch)_\d+_\d+(?=[_.\-]|$)", re.IGNORECASE)
_FRAME = re.compile(r"^(?P<video>.*(vid|video|frame)[_-]?)(?P<frame>\d{1,9})$", re.IGNORECASE)


def fingerprint(rgb: np.ndarray) -> np.ndarray:
    """float32[1024] of uint8[h,w,3]: a small grey picture without its broad shading, of length 1.

    Brightness, contrast, noise and compression hardly move it. An image without texture gets a shorter vector, which
    is near to nothing, so that plain walls and dark frames do not all count as one scene.
    """
    grey = cv2.cvtColor(_shrunk(rgb), cv2.COLOR_RGB2GRAY).astype(np.float32)
    thumbnail = cv2.resize(cv2.GaussianBlur(grey, (5, 5), 0), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    # neighbouring photographs share light and vignette: what tells scenes apart is the finer part
    detail = thumbnail - cv2.GaussianBlur(thumbnail, (0, 0), _LOW_PASS, borderType=cv2.BORDER_REFLECT)
    detail -= detail.mean()
    return (detail / (SIDE * max(float(detail.std()), _FLAT))).ravel()


def _shrunk(rgb: np.ndarray) -> np.ndarray:
    return cv2.resize(rgb, (_FINE, _FINE), interpolation=cv2.INTER_AREA)


def turned(fingerprints: np.ndarray) -> Iterator[np.ndarray]:
    """The fingerprints float32[n,1024] of the same images after each of the eight flips and quarter turns."""
    pictures = fingerprints.reshape(-1, SIDE, SIDE)
    for mirrored in (pictures, pictures[:, :, ::-1]):
        for turns in range(4):
            yield np.rot90(mirrored, turns, axes=(1, 2)).reshape(-1, DIMENSIONS)


def near_pairs(fingerprints: np.ndarray, threshold: float) -> Iterator[tuple[int, int, float]]:
    """(i, j, distance) with i < j and a distance under the threshold; 0 is the same picture, 1 is unrelated.

    The distance is 1 − the correlation under the best of the eight flips and quarter turns. Memory stays flat.
    """
    table = np.ascontiguousarray(fingerprints, np.float32)
    for start in range(0, len(table), _BLOCK):
        block = [np.ascontiguousarray(t) for t in turned(table[start : start + _BLOCK])]
        for other in range(start, len(table), _BLOCK):
            columns = table[other : other + _BLOCK].T
            best = block[0] @ columns
            for rows in block[1:]:
                np.maximum(best, rows @ columns, out=best)
            for i, j in np.argwhere(best > 1 - threshold):
                if start + i < other + j:
                    yield int(start + i), int(other + j), float(1 - best[i, j])


def scene_name(name: str) -> str | None:
    """What a vendor's file name says about its scene: the stem of a copy, the plate of a tile; None when nothing."""
    base = re.split(r"[\\/]", name)[-1]
    if tile := _TILE.match(base):
        return tile["plate"]
    if copy := _COPY.match(base):
        return _FORMAT.sub("", _FORMAT.sub("", copy["stem"]))
    return None  # image.jpg, 100.jpg: every camera writes these


def _clips(scenes: Iterable[str], gap: int) -> Iterator[tuple[str, str]]:
    """Pairs of scenes that are frames of one video at most `gap` numbers apart: one bead, moments later."""
    frames = sorted((m["video"], int(m["frame"]), s) for s in scenes if (m := _FRAME.match(s)))
    for (video, number, scene), (next_video, next_number, next_scene) in pairwise(frames):
        if video == next_video and next_number - number <= gap:
            yield scene, next_scene


class _Sets:
    """Disjoint sets of 0..n-1 that can be joined."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def root(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        self._parent[self.root(i)] = self.root(j)


def groups(
    names: list[str], fingerprints: np.ndarray, threshold: float, clip_gap: int, ages: Sequence[int] | None = None
) -> list[str | None]:
    """A group id for each image; images of one scene, directly or through others, have the same.

    `names` are paths in the export, `fingerprints` float32[n,1024]. With `ages` (0 is oldest, rising) what comes later
    changes nothing about what was there: a group is named after its first image, and a later image that looks like two
    older groups would join them, so it has no group (None). Images of age 0 are joined whatever their order.
    """
    ages = [0] * len(names) if ages is None else ages
    sets = _Sets(len(names))
    first: dict[str, int] = {}
    for i, name in enumerate(names):
        if ages[i] == 0 and (scene := scene_name(name)) is not None:
            sets.join(i, first.setdefault(scene, i))
    for scene, next_scene in _clips(first, clip_gap):
        sets.join(first[scene], first[next_scene])
    like: dict[int, list[int]] = defaultdict(list)
    for i, j, _ in near_pairs(fingerprints, threshold):
        if ages[j] == 0:
            sets.join(i, j)
        else:
            like[j].append(i)

    left_out = _join_later(sets, like, ages)
    roots = [sets.root(i) for i in range(len(names))]
    eldest: dict[int, str] = {}
    for i, name in zip(roots, names, strict=True):
        eldest.setdefault(i, name)
    ids = [hashlib.sha256(eldest[i].encode("utf-8", "surrogateescape")).hexdigest()[:12] for i in roots]
    return [None if i in left_out else group for i, group in enumerate(ids)]


def _join_later(sets: "_Sets", like: dict[int, list[int]], ages: Sequence[int]) -> set[int]:
    """Joins images of later ages, one by one, to what they look like; returns those that would join two older ones."""
    born = {}
    for i, age in enumerate(ages):
        if age == 0:
            born[sets.root(i)] = 0
    left_out: set[int] = set()
    for j in (j for j, age in enumerate(ages) if age):
        roots = {sets.root(i) for i in like[j] if i not in left_out}
        if sum(born[root] < ages[j] for root in roots) > 1:
            left_out.add(j)
            continue
        for root in roots:
            sets.join(root, j)
        born[sets.root(j)] = min([ages[j], *(born[root] for root in roots)])
    return left_out
