"""The bound on what is called free of a class holds as often as it says, over scenes, and is none where it can't."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.labels import ClassList
from weldspot.model.evaluation import missed
from weldspot.runtime.errors import WeldspotError

CLASSES = ClassList(("Background", "Crack", "Pore"), "Background", False)


def scenes(rng: np.random.Generator, count: int, most: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Scores and scenes of photographs with a crack; those of one scene are much alike."""
    groups = np.repeat(np.arange(count), rng.integers(1, most + 1, count))
    scores = rng.beta(3, 1.5, count)[groups] + rng.normal(0, 0.03, len(groups))
    return np.clip(scores, 0, 1), groups


def test_the_bound_is_broken_no_more_often_than_it_says() -> None:
    """By photographs instead of scenes it would be broken in every fourth draw."""
    rng = np.random.default_rng(0)
    population, of = scenes(rng, 20_000)
    broken = 0
    for _ in range(400):
        drawn = np.isin(of, rng.choice(20_000, 150, replace=False))
        level = missed.free_below(population[drawn], of[drawn], 0.05, 0.9)
        assert level is not None
        broken += missed.risk(population, of, level) > 0.05
    assert broken <= 40


def test_it_is_as_high_as_the_bound_allows() -> None:
    scores, groups = np.linspace(0, 1, 1001), np.arange(1001)
    level = missed.free_below(scores, groups, 0.05, 0.9)
    assert level == pytest.approx(0.037, abs=0.005)  # a thousand scenes: almost 5 % of them


def test_without_a_single_miss_45_scenes_are_needed_for_five_percent() -> None:
    """0.95 ** 45 < 0.1 < 0.95 ** 44."""
    assert missed.free_below(np.full(45, 0.9), np.arange(45), 0.05, 0.9) is not None
    assert missed.free_below(np.full(44, 0.9), np.arange(44), 0.05, 0.9) is None
    assert missed.free_below(np.full(440, 0.9), np.arange(440) % 44, 0.05, 0.9) is None, "photographs are no scenes"
    assert missed.free_below(np.zeros(0), np.zeros(0), 0.05, 0.9) is None


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]), st.integers(0, 80)), min_size=1, max_size=200))
@settings(max_examples=150, deadline=None)
def test_what_is_measured_is_below_what_is_asked(shots: list[tuple[float, int]]) -> None:
    scores, groups = np.array([score for score, _ in shots]), np.array([group for _, group in shots])
    level = missed.free_below(scores, groups, 0.2, 0.9)
    if level is not None:
        assert missed.risk(scores, groups, round(level, 6)) < 0.2
        stricter = missed.free_below(scores, groups, 0.1, 0.9)
        assert stricter is None or stricter <= level


def test_each_class_has_its_own_line() -> None:
    rng = np.random.default_rng(1)
    truth = np.zeros((400, 3), np.uint8)
    truth[:200, 1], truth[390:, 2], truth[200:390, 0] = 1, 1, 1
    said = np.where(truth > 0, rng.uniform(0.3, 1, truth.shape), rng.uniform(0, 0.5, truth.shape))
    groups, thresholds = np.arange(400), np.array([0.5, 0.45, 0.4])
    found = missed.bounds(CLASSES, (truth, said, groups), thresholds, 0.05, 0.9)
    assert list(found) == ["Crack", "Pore"]
    crack, pore = found["Crack"], found["Pore"]
    assert crack["scenes"] == 200
    assert crack["free_below"] is not None
    assert 0.3 < crack["free_below"] < 0.45
    assert crack["missed"] is not None
    assert crack["missed"] < 0.05
    between = (said[:, 1] >= crack["free_below"]) & (said[:, 1] < 0.45)
    assert crack["unsure"] == pytest.approx(between.mean())
    assert (pore["scenes"], pore["free_below"], pore["missed"], pore["unsure"]) == (10, None, None, None)
    assert list(missed.bounds(CLASSES, (truth, said, groups), thresholds, {"Crack": 0.1}, 0.9)) == ["Crack"]


@pytest.mark.parametrize("name", ["Cracks", "crack", "Background", ""])
def test_a_bound_for_what_is_no_class_is_one_line(name: str) -> None:
    with pytest.raises(WeldspotError, match=rf"^evaluate\.max_missed: {name}: [^\n]+ one of Crack, Pore$"):
        missed.required(CLASSES, {"Crack": 0.1, name: 0.1})
    missed.required(CLASSES, {"Crack": 0.1})
    missed.required(CLASSES, 0.1)


def test_above_the_threshold_nothing_is_called_free() -> None:
    found = missed.bounds(
        CLASSES, (np.ones((100, 3), np.uint8), np.full((100, 3), 0.9), np.arange(100)), np.full(3, 0.6), 0.05, 0.9
    )
    assert (found["Crack"]["free_below"], found["Crack"]["unsure"]) == (0.6, 0.0)
