"""The paired bootstrap."""

import numpy as np
import pytest
from scored import SECTION, photographs, scores
from sklearn.metrics import average_precision_score

from weldspot.labels import CLASSES
from weldspot.loop.promotion.comparison import compare


def test_the_first_figures_are_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    labels, groups = photographs(rng)
    ours, theirs = scores(rng, labels, 2), scores(rng, labels, 1).round(1)
    found = compare(labels, ours, theirs, groups, SECTION)
    for column, name in enumerate(CLASSES):
        assert found.classes[name].challenger == pytest.approx(
            average_precision_score(labels[:, column], ours[:, column])
        )
        assert found.classes[name].production == pytest.approx(
            average_precision_score(labels[:, column], theirs[:, column])
        )
    assert found.mean.low < found.mean.gain < found.mean.high


def test_a_class_of_few_scenes_decides_nothing() -> None:
    rng = np.random.default_rng(3)
    labels, groups = photographs(rng)
    groups[labels[:, 2] == 1] = "one scene"
    found = compare(labels, scores(rng, labels, 1), scores(rng, labels, 1), groups, SECTION)
    assert "Crack" not in found.classes


def test_the_same_photographs_give_the_same_interval() -> None:
    rng = np.random.default_rng(5)
    labels, groups = photographs(rng)
    ours, theirs = scores(rng, labels, 2), scores(rng, labels, 1)
    assert compare(labels, ours, theirs, groups, SECTION) == compare(labels, ours, theirs, groups, SECTION)


def test_whole_scenes_are_drawn() -> None:
    """Sixty photographs of one scene are one piece of evidence: the interval is as wide as with one of each."""
    rng = np.random.default_rng(6)
    labels, _ = photographs(rng, 60)
    ours, theirs = scores(rng, labels, 2), scores(rng, labels, 1)
    alone = np.array([f"scene{i}" for i in range(60)])
    again = np.repeat(np.arange(60), 4)
    once = compare(labels, ours, theirs, alone, SECTION)
    often = compare(labels[again], ours[again], theirs[again], alone[again], SECTION)
    assert (often.groups, often.images) == (60, 240)
    assert (often.mean.low, often.mean.high) == pytest.approx((once.mean.low, once.mean.high))


def test_numbers_as_the_bootstrap_has_always_given_them() -> None:
    rng = np.random.default_rng(7)
    labels, groups = photographs(rng, 120)
    found = compare(labels, scores(rng, labels, 2.0), scores(rng, labels, 1.0), groups, SECTION)
    known = (0.7314883349015816, 0.41378280122491523, 0.21085003716433448, 0.39981170479489425)
    mean = found.mean
    assert (mean.challenger, mean.production, mean.low, mean.high) == pytest.approx(known, abs=1e-12)
