"""Pictures whose keys are equal, pair by pair, but not those that are known to be of one scene."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Int, Integer

CHUNK = 1 << 19  # pairs at a time: some 30 MB of what is made of them


def pairs(
    keys: Integer[np.ndarray, " n"], labels: Int[np.ndarray, " n"], by_label: Int[np.ndarray, " n"], cap: int | None
) -> Iterator[tuple[Int[np.ndarray, " k"], Int[np.ndarray, " k"]]]:
    """(i, j), each pair once, i ≠ j: the keys are equal, the labels are not. CHUNK pairs at a time.

    However large a bucket, who has a common label in it costs nothing.

    Args:
        keys: Under 2¹⁶, or ints.
        labels: Who has the same needs no comparison.
        by_label: The numbers 0..n-1 in order of their labels.
        cap: Each is paired with so many that follow in its bucket at most; None: with all.
    """
    order = by_label[np.argsort(keys[by_label], kind="stable")]
    key, label = keys[order], labels[order]
    places = np.arange(len(order))
    new_key = np.flatnonzero(np.diff(key) != 0) + 1
    new_label = np.flatnonzero((np.diff(key) != 0) | (np.diff(label) != 0)) + 1
    first = _next(new_label, places)
    beyond = _next(new_key, places)
    count = beyond - first
    if cap is not None:
        np.minimum(count, cap, out=count)
    total = np.concatenate([[0], np.cumsum(count)])
    start = 0
    while start < len(order):
        # rows whose pairs fit; one that has more of them by itself is a chunk of its own
        end = max(start + 1, int(np.searchsorted(total, total[start] + CHUNK, "right")) - 1)
        many = count[start:end]
        if many.any():
            left = np.repeat(places[start:end], many)
            step = np.arange(len(left)) - np.repeat(total[start:end] - total[start], many)
            yield order[left], order[first[left] + step]
        start = end


def _next(borders: Int[np.ndarray, " b"], places: Int[np.ndarray, " n"]) -> Int[np.ndarray, " n"]:
    """For each place the first border beyond it, or the end."""
    ends = np.append(borders, len(places))
    found: Int[np.ndarray, " n"] = ends[np.searchsorted(borders, places, "right")]
    return found
