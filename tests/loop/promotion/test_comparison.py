"""The paired bootstrap."""

import numpy as np
import pytest
from scored import SECTION, photographs, scores
from sklearn.metrics import average_precision_score
from weld_classes import CLASSES

from weldspot.loop.promotion.comparison import compare


def test_the_first_figures_are_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    labels, groups = photographs(rng)
    ours, theirs = scores(rng, labels, 2), scores(rng, labels, 1).round(1)
    found = compare(CLASSES, labels, ours, theirs, groups, SECTION)
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
    found = compare(CLASSES, labels, scores(rng, labels, 1), scores(rng, labels, 1), groups, SECTION)
    assert "Crack" not in found.classes


def test_the_same_photographs_give_the_same_interval() -> None:
    rng = np.random.default_rng(5)
    labels, groups = photographs(rng)
    ours, theirs = scores(rng, labels, 2), scores(rng, labels, 1)
    assert compare(CLASSES, labels, ours, theirs, groups, SECTION) == compare(
        CLASSES, labels, ours, theirs, groups, SECTION
    )


def test_whole_scenes_are_drawn() -> None:
    """Sixty photographs of one scene are one piece of evidence: the interval is as wide as with one of each."""
    rng = np.random.default_rng(6)
    labels, _ = photographs(rng, 60)
    ours, theirs = scores(rng, labels, 2), scores(rng, labels, 1)
    alone = np.array([f"scene{i}" for i in range(60)])
    again = np.repeat(np.arange(60), 4)
    once = compare(CLASSES, labels, ours, theirs, alone, SECTION)
    often = compare(CLASSES, labels[again], ours[again], theirs[again], alone[again], SECTION)
    assert (often.groups, often.images) == (60, 240)
    assert (often.mean.low, often.mean.high) == pytest.approx((once.mean.low, once.mean.high))


def test_numbers_as_the_bootstrap_has_always_given_them() -> None:
    rng = np.random.default_rng(7)
    labels, groups = photographs(rng, 120)
    found = compare(CLASSES, labels, scores(rng, labels, 2.0), scores(rng, labels, 1.0), groups, SECTION)
    known = (0.7314883349015816, 0.41378280122491523, 0.21085003716433448, 0.39981170479489425)
    mean = found.mean
    assert (mean.challenger, mean.production, mean.low, mean.high) == pytest.approx(known, abs=1e-12)


def one_class(n: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Photographs that all show a crack, each a scene of its own."""
    return np.eye(7, dtype=np.uint8)[np.full(n, CLASSES.index("Crack"))], np.array([f"scene{i}" for i in range(n)])


def test_where_nothing_can_be_ranked_the_likelihood_of_the_labels_is_compared() -> None:
    labels, groups = one_class()
    right, wrong = np.where(labels == 1, 0.9, 0.1), np.where(labels == 1, 0.1, 0.9)
    found = compare(CLASSES, labels, wrong, right, groups, SECTION)
    assert (found.measure, found.classes) == ("mean log likelihood", {})
    assert found.mean.production == pytest.approx(np.log(0.9))
    assert found.mean.challenger == pytest.approx(np.log(0.1))
    assert found.mean.high == pytest.approx(np.log(0.1) - np.log(0.9))
    assert found.unjudged == ("Crack",)
    certain = compare(CLASSES, labels, labels.astype(float), 1.0 - labels, groups, SECTION)
    assert certain.mean.challenger == 0
    assert np.isfinite(certain.mean.production), "one certain mistake is not worth all of the rest"


@pytest.mark.parametrize("broken", ["ours", "theirs"])
def test_a_score_that_is_no_number_leaves_no_number_and_no_class_out(broken: str) -> None:
    rng = np.random.default_rng(8)
    labels, groups = photographs(rng)
    both = {name: scores(rng, labels, 2) for name in ("ours", "theirs")}
    both[broken][0, CLASSES.index("Crack")] = np.nan
    found = compare(CLASSES, labels, both["ours"], both["theirs"], groups, SECTION)
    assert np.isnan(found.mean.gain)
    assert np.isnan(found.classes["Crack"].gain)
    assert np.isfinite(found.classes["Porosity"].gain)


def test_the_mean_leaves_out_what_a_resample_can_not_rank_for_both_alike() -> None:
    """A class of one scene is missing from a third of the resamples; the interval is of those that have a number."""
    labels = np.eye(7, dtype=np.uint8)[np.array([1] * 10 + [2])]
    groups = np.array([f"scene{i}" for i in range(11)])
    same = np.linspace(0.1, 0.9, 77).reshape(11, 7)
    found = compare(CLASSES, labels, same, same, groups, SECTION)
    assert (found.mean.gain, found.mean.low, found.mean.high) == (0, 0, 0)
