"""No scene may be in two splits, whatever the labels and groups are."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.images.scenes.partition import SPLITS, crossing_groups, folds, partition


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 127)), min_size=1, max_size=200),
    st.integers(0, 5),
)
def test_no_group_crosses_a_split(rows: list[tuple[int, int]], seed: int) -> None:
    groups = np.array([f"scene{group}" for group, _ in rows])
    labels = np.array([[bits >> k & 1 for k in range(7)] for _, bits in rows], np.uint8)
    splits = partition(labels, groups, (0.7, 0.15, 0.15), seed, np.zeros(len(groups), int))
    assert set(splits) <= set(SPLITS)
    assert len(splits) == len(rows)
    assert crossing_groups(groups, splits) == []


def test_a_crossing_group_is_named() -> None:
    assert crossing_groups(np.array(["a", "b", "a"]), np.array(["train", "val", "test"])) == ["a"]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_every_class_gets_its_share(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.eye(7, dtype=np.uint8)[rng.integers(7, size=700)]
    splits = partition(labels, np.arange(700).astype(str), (0.7, 0.15, 0.15), seed, np.zeros(700, int))
    for column in range(7):
        inside = splits[labels[:, column] == 1]
        assert abs(np.mean(inside == "train") - 0.7) < 0.05
        assert abs(np.mean(inside == "test") - 0.15) < 0.05


def test_the_seed_changes_the_split() -> None:
    labels = np.ones((60, 7), np.uint8)
    groups = np.arange(60).astype(str)
    first, second = (partition(labels, groups, (0.7, 0.15, 0.15), seed, np.zeros(len(groups), int)) for seed in (0, 1))
    assert (first != second).any()
    assert (first == partition(labels, groups, (0.7, 0.15, 0.15), 0, np.zeros(len(groups), int))).all()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 127)), min_size=5, max_size=80),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 127)), max_size=40),
    st.integers(0, 5),
)
def test_what_is_added_later_moves_nothing(old: list[tuple[int, int]], new: list[tuple[int, int]], seed: int) -> None:
    def placed(rows: list[tuple[int, int]]) -> np.ndarray:
        groups = np.array([f"scene{group:02d}" for group, _ in rows])
        labels = np.array([[bits >> k & 1 for k in range(7)] for _, bits in rows], np.uint8)
        ages = (np.arange(len(rows)) >= len(old)).astype(int)
        splits = partition(labels, groups, (0.7, 0.15, 0.15), seed, ages)
        assert crossing_groups(groups, splits) == []
        return splits

    assert (placed(old + new)[: len(old)] == placed(old)).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 8), st.integers(0, 1000))
def test_no_scene_is_in_two_folds_and_folds_are_alike(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = np.array([f"g{number}" for number in rng.integers(0, 90, size=400)])
    labels = (rng.random((400, 4)) < [0.5, 0.3, 0.2, 0.1]).astype(np.uint8)
    found = folds(labels, groups, count, seed)
    assert not crossing_groups(groups, found)
    assert set(found.tolist()) == set(range(count))
    sizes = np.bincount(found)
    assert sizes.max() <= 2 * sizes.min()
