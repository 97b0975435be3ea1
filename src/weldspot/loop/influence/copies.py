"""Copies and near-copies count once, and those of what the model was made with not at all."""

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.cluster.hierarchy import DisjointSet

from weldspot.images.scenes.fingerprint import distances, near_pairs

_BLOCK = 2048  # known pictures that are compared at a time


def sets(prints: Float[np.ndarray, "n 1024"], threshold: float) -> Int[np.ndarray, " n"]:
    """Of each picture the position of the first that it is a near-copy of, directly or through others; its own if none.

    `threshold`: the distance of two fingerprints under which they are near-copies (ingest.near_duplicate).
    """
    joined = DisjointSet(range(len(prints)))
    for i, j, _ in near_pairs(prints, threshold):
        joined.merge(i, j)
    first: dict[int, int] = {}
    return np.array([first.setdefault(joined[i], i) for i in range(len(prints))], int)


def nearest(
    prints: Float[np.ndarray, "n 1024"], known: Float[np.ndarray, "m 1024"]
) -> tuple[Int[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Of each picture the known one that is nearest, and its distance; −1 and infinity where nothing is known."""
    where, apart = np.full(len(prints), -1), np.full(len(prints), np.inf, np.float32)
    for start in range(0, len(known), _BLOCK):
        found = distances(prints, np.asarray(known[start : start + _BLOCK], np.float32))
        best = found.argmin(1)
        nearer = found[np.arange(len(prints)), best] < apart
        where[nearer] = start + best[nearer]
        apart[nearer] = found[np.arange(len(prints)), best][nearer]
    return where, apart


def fresh(
    prints: Float[np.ndarray, "n 1024"], known: Float[np.ndarray, "m 1024"], threshold: float
) -> tuple[Bool[np.ndarray, " n"], Bool[np.ndarray, " n"], Int[np.ndarray, " n"]]:
    """Which pictures count: the first of its near-copies, and like nothing known; which are like something known; what.

    Where a known picture is meant (the second is true), the third is its position.
    """
    own = sets(prints, threshold) == np.arange(len(prints))
    where, apart = nearest(prints, known)
    old = apart < threshold
    return own & ~old, old, where
