"""Each pair of a bucket once, but those of one label, against two loops."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.images.scenes.nearness import buckets

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=40)


def found(rows: list[tuple[int, int]], cap: int | None) -> list[tuple[int, int]]:
    keys = np.array([key for key, _ in rows], np.uint16)
    labels = np.array([label for _, label in rows], np.int64)
    by_label = np.argsort(labels, kind="stable")
    blocks = buckets.pairs(keys, labels, by_label, cap)
    return [tuple(sorted(pair)) for left, right in blocks for pair in zip(left.tolist(), right.tolist(), strict=True)]


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from([1, 5, 1 << 19]))
def test_pairs_are_those_of_two_loops(rows: list[tuple[int, int]], chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(buckets, "CHUNK", chunk)
        pairs = found(rows, None)
    numbers = range(len(rows))
    wanted = {
        (i, j) for i in numbers for j in numbers if i < j and rows[i][0] == rows[j][0] and rows[i][1] != rows[j][1]
    }
    assert set(pairs) == wanted
    assert len(pairs) == len(wanted)


@settings(max_examples=20, deadline=None)
@given(ROWS, st.integers(1, 3))
def test_with_a_cap_each_has_so_many_and_no_other_pairs(rows: list[tuple[int, int]], cap: int) -> None:
    pairs, every = found(rows, cap), set(found(rows, None))
    assert set(pairs) <= every
    assert len(pairs) <= cap * len(rows)


def test_strangers_of_one_bucket_hang_together_by_the_few_pairs_of_each() -> None:
    rows = [(key, label) for label, key in enumerate([3, 1, 3, 3, 1, 3, 2])]
    assert sorted(found(rows, 1)) == [(0, 2), (1, 4), (2, 3), (3, 5)]


def test_a_bucket_of_one_label_costs_nothing_however_large_it_is() -> None:
    assert not found([(1, 7)] * 100_000, None)


def test_blocks_are_no_larger_than_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "CHUNK", 64)
    keys, labels = np.zeros(60, np.uint16), np.arange(60)
    sizes = Counter(len(left) for left, _ in buckets.pairs(keys, labels, labels, None))
    assert sum(size * times for size, times in sizes.items()) == 60 * 59 // 2
    assert max(sizes) <= 64
