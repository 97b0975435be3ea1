"""Which pictures are near: each compared with each where they are few, else by keys, in time that grows as they do."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Int

from weldspot.images.scenes.fingerprint import near_blocks
from weldspot.images.scenes.nearness import one_round
from weldspot.images.scenes.nearness.chances import rounds
from weldspot.images.scenes.nearness.lookalikes import Lookalikes
from weldspot.images.scenes.nearness.print_file import PrintFile
from weldspot.images.scenes.nearness.spanning import Spanning, spanning, spanning_of
from weldspot.runtime.processes import map_shards

_FEW = 160  # times the rounds: so many pictures are compared each with each in the time that the rounds take
# The first rounds look at a few of each bucket: they join floods of copies, which the others then pass over.
_FIRST, _FIRST_KEYS, _FIRST_CAP = 2, 8, 2
_SECOND = 4


def lookalikes(prints: PrintFile, threshold: float, ages: Sequence[int], scratch: Path) -> Lookalikes:
    """The older near pictures of each picture, as many of them as tell which scenes they join.

    Args:
        prints: Fingerprints, the oldest picture's first.
        threshold: The distance under which two are near.
        ages: Of each picture, 0 is oldest; rising.
        scratch: A folder for files between the processes.
    """
    few = len(prints) <= _FEW * rounds(threshold)
    found = by_comparison(prints, threshold, ages) if few else by_keys(prints, threshold, ages, scratch)
    return Lookalikes(prints, threshold, ages, found)


def by_comparison(prints: PrintFile, threshold: float, ages: Sequence[int]) -> Spanning:
    """What near pairs join, each picture compared with each: exact, but for a hundred times the pictures 10,000 times
    as long.
    """
    table = prints.rows(range(len(prints)))
    return spanning_of((np.stack([i, j], axis=1) for i, j, _ in near_blocks(table, threshold)), ages)


def by_keys(prints: PrintFile, threshold: float, ages: Sequence[int], scratch: Path) -> Spanning:
    """What near pairs join; a pair that is just near enough is missed three times in 100,000, nearer ones hardly ever.

    The result depends neither on the number of processes nor on that of threads.
    """
    path = scratch / "labels.npy"
    dull = _dull(prints, threshold)
    found = spanning(np.zeros((0, 2), np.int64), ages)
    for seeds in _batches(rounds(threshold)):
        labels = found.labels.copy()
        labels[dull] = -1
        np.save(path, labels)
        first = seeds[0] < _FIRST
        keys, cap = (_FIRST_KEYS, _FIRST_CAP) if first else (one_round.ALL, None)
        tasks = [one_round.Round(seed, threshold, cap, keys, reads=(prints.path, path)) for seed in seeds]
        pairs = map_shards(one_round.run, tasks, "near-copies", "round")
        found = spanning_of([found.pairs, *pairs], ages)
    path.unlink()
    return found


def _batches(needed: int) -> Iterator[range]:
    """Rounds that are run side by side; the first ones, which look at little, do not count."""
    yield range(_FIRST)
    yield range(_FIRST, _FIRST + min(_SECOND, needed))
    if needed > _SECOND:
        yield range(_FIRST + _SECOND, _FIRST + needed)


def _dull(prints: PrintFile, threshold: float) -> Int[np.ndarray, " k"]:
    """Pictures with so little texture that nothing can be near to them: no other fingerprint is longer than 1."""
    limit = 1 - threshold - 1e-3  # fingerprints are rounded
    dull = [start + np.flatnonzero(np.linalg.norm(rows, axis=1) < limit) for start, rows in prints.blocks()]
    return np.concatenate([np.zeros(0, np.int64), *dull])
