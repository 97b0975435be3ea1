"""What is kept joins what all pairs join, at every age, against sets that are made anew for each."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.images.scenes.nearness import spanning as module
from weldspot.images.scenes.nearness.spanning import spanning, spanning_of

N = 14
CASES = (
    st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda p: p[0] != p[1]), max_size=30),
    st.lists(st.integers(0, 3), min_size=N, max_size=N).map(sorted),
)


def scenes(pairs: list[list[int]], n: int) -> list[int]:
    """Of each the smallest number that it is joined to."""
    of = list(range(n))
    for _ in range(n):
        for i, j in pairs:
            of[i] = of[j] = min(of[i], of[j])
    return of


def until(pairs: np.ndarray, ages: list[int], age: int) -> list[list[int]]:
    return [pair for pair in pairs.tolist() if max(ages[i] for i in pair) <= age]


@settings(max_examples=100, deadline=None)
@given(*CASES)
def test_the_pairs_that_are_kept_join_the_same_at_every_age(drawn: list[tuple[int, int]], ages: list[int]) -> None:
    pairs = np.array([sorted(pair) for pair in drawn], np.int64).reshape(-1, 2)
    found = spanning(pairs, ages)
    assert len(found.pairs) < N
    assert (found.pairs[:, 0] < found.pairs[:, 1]).all()
    bridges: set[int] = set()
    for age in range(4):
        now = scenes(until(pairs, ages, age), N)
        assert scenes(until(found.pairs, ages, age), N) == now
        assert all(found.labels[i] == now[i] for i in range(N) if ages[i] == age)
        before = scenes(until(pairs, ages, age - 1), N)
        old = {(now[i], before[i]) for i in range(N) if ages[i] < age}
        bridges |= {scene for scene, _ in old if sum(s == scene for s, _ in old) > 1}
    last = scenes(pairs.tolist(), N)
    touched = {last[i] for i in bridges}
    assert found.bridged.tolist() == [last[i] in touched for i in range(N)]
    later = [pair for pair in found.pairs.tolist() if ages[pair[1]] > 0]
    assert all(pair in pairs.tolist() for pair in later), "those of later pictures are pairs that were given"


@settings(max_examples=20, deadline=None)
@given(*CASES)
def test_it_is_the_same_when_pairs_come_in_blocks(drawn: list[tuple[int, int]], ages: list[int]) -> None:
    pairs = np.array([sorted(pair) for pair in drawn], np.int64).reshape(-1, 2)
    many, module._MANY = module._MANY, -N + 3
    try:
        found = spanning_of(np.array_split(pairs, 6), ages)
    finally:
        module._MANY = many
    at_once = spanning(pairs, ages)
    assert np.array_equal(found.labels, at_once.labels)
    assert np.array_equal(found.bridged, at_once.bridged)
