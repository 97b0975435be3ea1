"""Few pairs that join what many pairs join, at every age; what each picture is joined to; and what joins two scenes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

_MANY = 1 << 21  # pairs: 32 MB


@dataclass(frozen=True)
class Spanning:
    """What is left of the pairs, the older picture first in each.

    Args:
        pairs: Fewer than n. Those of age 0 are stars: the oldest picture of a scene with each of the others.
        labels: Of each picture the oldest that it is joined to by pairs of pictures no younger in age than itself. Two
            of one label are joined by what is no younger than the younger of them: their pair says nothing new.
        bridged: Of each picture whether it is joined, over whatever pictures, to one that joined scenes which had been
            apart before its age.
    """

    pairs: Int[np.ndarray, "m 2"]
    labels: Int[np.ndarray, " n"]
    bridged: Bool[np.ndarray, " n"]


def spanning(pairs: Int[np.ndarray, "k 2"], ages: Sequence[int]) -> Spanning:
    """Keeps of the pairs what joins something.

    Args:
        pairs: i < j in each.
        ages: Of the n pictures; rising.
    """
    age = np.asarray(ages, np.int64)
    pairs = np.unique(pairs, axis=0)
    since = age[pairs[:, 1]]
    kept, labels = _first_age(pairs[since == 0], len(age))
    parent = labels.tolist()
    later = pairs[since > 0]
    later = later[np.argsort(since[since > 0], kind="stable")]
    position, more, bridges = 0, [], []
    for now in np.unique(age[age > 0]):
        while position < len(later) and age[later[position, 1]] == now:
            older, younger = sorted(_root(parent, int(i)) for i in later[position])
            if older != younger:
                parent[younger] = older
                more.append(later[position])
                if age[younger] < now:  # and so is the older
                    bridges.append(older)
            position += 1
        for i in np.flatnonzero(age == now):
            labels[i] = _root(parent, int(i))
    touched = {_root(parent, i) for i in bridges}
    bridged = np.array([bool(touched) and _root(parent, i) in touched for i in range(len(age))], bool)
    return Spanning(np.concatenate([kept, np.array(more, np.int64).reshape(-1, 2)]), labels, bridged)


def spanning_of(blocks: Iterable[Int[np.ndarray, "_ 2"]], ages: Sequence[int]) -> Spanning:
    """The same for pairs that come in blocks, and would not fit into memory together."""
    waiting = [np.zeros((0, 2), np.int64)]
    for block in blocks:
        waiting.append(block)
        if sum(map(len, waiting)) > _MANY + len(ages):
            waiting = [spanning(np.concatenate(waiting), ages).pairs]
    return spanning(np.concatenate(waiting), ages)


def _first_age(pairs: Int[np.ndarray, "k 2"], n: int) -> tuple[Int[np.ndarray, "m 2"], Int[np.ndarray, " n"]]:
    """The stars, and of each picture the oldest of its scene."""
    graph = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    scene = connected_components(graph, directed=False)[1]
    oldest = np.unique(scene, return_index=True)[1][scene].astype(np.int64)
    others = np.flatnonzero(oldest != np.arange(n))
    return np.stack([oldest[others], others], axis=1), oldest


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = i = parent[parent[i]]
    return i
