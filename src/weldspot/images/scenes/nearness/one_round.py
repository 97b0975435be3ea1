"""One round of the search: pictures that share a key and are near."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float, Int

from weldspot.images.scenes.nearness import buckets
from weldspot.images.scenes.nearness.chances import KEYS, differing
from weldspot.images.scenes.nearness.poses import Posed, in_pose, posed
from weldspot.images.scenes.nearness.print_file import PrintFile
from weldspot.runtime.engines.files import Files

ALL = len(KEYS)
_TRIES = 4  # of two scenes' pairs so many are looked at, then four times as many, …
_ROWS = 2048  # pictures compared at a time: 8 MB


@dataclass(frozen=True)
class Round(Files):
    """What one process needs for a round; `reads`: the fingerprints, the oldest picture's first, and the labels.

    Args:
        seed: Which random directions it takes.
        threshold: The distance under which two are near.
        cap: Each is compared with so many of its bucket at most; None: with all.
        keys: How many of KEYS it looks into.
    """

    seed: int
    threshold: float
    cap: int | None = None
    keys: int = ALL

    @property
    def prints(self) -> PrintFile:
        """The fingerprints."""
        return PrintFile(self.reads[0])

    @property
    def labels(self) -> Path:
        """A file of int64 (`numpy.save`): of each picture the oldest one that it is joined to by now, see
        `spanning.labels`; -1 for a picture that can't be near to anything.
        """
        return self.reads[1]


def run(task: Round) -> Int[np.ndarray, "k 2"]:
    """Near pairs, i < j in each: of any two labels that meet in a bucket, at most a few. A pure function."""
    labels = np.load(task.labels)
    lively = np.flatnonzero(labels >= 0)
    labels, pose = labels[lively], posed(task.prints, task.seed)
    pose = Posed(pose.turns[lively], pose.codes[lively])
    words = np.ascontiguousarray(pose.codes).view(np.uint64)
    by_label, most = np.argsort(labels, kind="stable"), differing(task.threshold)
    met = _Met(np.zeros(0, np.int64), np.zeros(0, np.int64))
    found = [np.zeros((0, 2), np.int64)]
    for one, other in KEYS[: task.keys]:
        keys = pose.codes[:, one].astype(np.uint16) << 8 | pose.codes[:, other]
        for left, right in buckets.pairs(keys, labels, by_label, task.cap):
            alike = np.bitwise_count(words[left] ^ words[right]).sum(1) <= most
            pair = np.sort(np.stack([left[alike], right[alike]], axis=1), axis=1)
            for near in _confirmed(pair, labels, lively, met, pose, task):
                met = met.with_pairs(near, labels)
                found.append(lively[near])
    return np.concatenate(found)


@dataclass(frozen=True)
class _Met:
    """Which two labels are joined by a pair that was found, and the younger picture of that pair.

    The two labels' other pairs say nothing new, but for an older one: it joins them earlier.
    """

    codes: Int[np.ndarray, " k"]  # rising
    since: Int[np.ndarray, " k"]

    def knows(self, pair: Int[np.ndarray, "k 2"], labels: Int[np.ndarray, " n"]) -> Bool[np.ndarray, " k"]:
        if not len(self.codes):
            return np.zeros(len(pair), bool)
        code = _code(pair, labels)
        place = np.minimum(np.searchsorted(self.codes, code), len(self.codes) - 1)
        known: Bool[np.ndarray, " k"] = (self.codes[place] == code) & (self.since[place] <= pair[:, 1])
        return known

    def with_pairs(self, pair: Int[np.ndarray, "k 2"], labels: Int[np.ndarray, " n"]) -> "_Met":
        codes = np.concatenate([self.codes, _code(pair, labels)])
        since = np.concatenate([self.since, pair[:, 1]])
        order = np.lexsort([since, codes])
        first = order[np.unique(codes[order], return_index=True)[1]]
        return _Met(codes[first], since[first])


def _code(pair: Int[np.ndarray, "k 2"], labels: Int[np.ndarray, " n"]) -> Int[np.ndarray, " k"]:
    one, other = labels[pair[:, 0]], labels[pair[:, 1]]
    code: Int[np.ndarray, " k"] = np.minimum(one, other) << 32 | np.maximum(one, other)
    return code


def _confirmed(
    pair: Int[np.ndarray, "k 2"],
    labels: Int[np.ndarray, " n"],
    lively: Int[np.ndarray, " n"],
    met: _Met,
    pose: Posed,
    task: Round,
) -> Iterator[Int[np.ndarray, "k 2"]]:
    """Those pairs that are near, oldest first; once two labels are joined their younger pairs are not looked at."""
    pair = pair[~met.knows(pair, labels)]
    pair = pair[np.lexsort([pair[:, 0], pair[:, 1], _code(pair, labels)])]
    tries = _TRIES
    while len(pair):
        code = _code(pair, labels)
        start = np.flatnonzero(np.diff(code, prepend=-1))
        rank = np.arange(len(code)) - np.repeat(start, np.diff(np.append(start, len(code))))
        looked, later = pair[rank < tries], pair[rank >= tries]
        near = looked[_near(looked, lively, pose, task)]
        yield near
        if not len(later):
            return
        pair = later[~np.isin(code[rank >= tries], _code(near, labels))]
        tries *= 4


def _near(
    pair: Int[np.ndarray, "k 2"], lively: Int[np.ndarray, " n"], pose: Posed, task: Round
) -> Bool[np.ndarray, " k"]:
    """Whether a pair's distance is under the threshold, both in their poses: what is near in one turn is near."""
    likeness = np.empty(len(pair), np.float32)
    for start in range(0, len(pair), _ROWS):
        left, right = (_posed_rows(pair[start : start + _ROWS, side], lively, pose, task) for side in (0, 1))
        likeness[start : start + len(left)] = np.einsum("ij,ij->i", left, right)
    near: Bool[np.ndarray, " k"] = likeness > 1 - task.threshold
    return near


def _posed_rows(
    rows: Int[np.ndarray, " k"], lively: Int[np.ndarray, " n"], pose: Posed, task: Round
) -> Float[np.ndarray, "k 1024"]:
    return in_pose(task.prints.rows(lively[rows]), pose.turns[rows])
