"""How far chance moves the statistics."""

from itertools import pairwise

import numpy as np
import pytest
from judged import RATE, SECTION, THRESHOLDS, photographs
from weld_classes import CLASSES

from weldspot.loop.drift import statistics
from weldspot.loop.drift.calibration import Chance, calibrate


def test_limits_tighten_with_size() -> None:
    reference = photographs(np.random.default_rng(1), 300)
    small, large = (
        calibrate(reference, n, THRESHOLDS, SECTION, RATE).values for n in (70, 300)
    )  # at 20 a class has no ROC AUC
    ranked = np.isin(np.arange(len(small)), np.arange(len(small))[statistics.roc_auc_part(CLASSES)])
    assert (large <= small)[~ranked].all()
    assert large[ranked].mean() < small[ranked].mean(), "a hundred draws of a few cases: only their mean is sure"
    assert (large[:20] < small[:20]).all()


@pytest.mark.thorough
def test_a_perfect_reference_leaves_room_for_a_slip() -> None:
    rng = np.random.default_rng(5)
    perfect = photographs(rng, 200, skill=40)
    limits = calibrate(perfect, 100, THRESHOLDS, SECTION, RATE).values
    assert (limits[statistics.agreement_part(CLASSES)] > 1 / 100).all(), "one photograph of a hundred is chance"
    limits = calibrate(perfect, 50, THRESHOLDS, SECTION, RATE).values
    assert (limits[statistics.roc_auc_part(CLASSES)] > 1 / 7).all(), "and so is one of the seven that show a class"


def test_no_limit_is_below_what_is_worth_a_retraining() -> None:
    reference = photographs(np.random.default_rng(1), 100)
    limits = calibrate(reference, 100, THRESHOLDS, SECTION.model_copy(update={"min_effect": 0.4}), RATE)
    assert limits.size == 100
    assert (limits.values >= 0.2).all()
    assert (limits.values[: statistics.agreement_part(CLASSES).start] >= 0.4).all()


@pytest.mark.thorough
def test_the_same_seed_gives_the_same_limits() -> None:
    reference = photographs(np.random.default_rng(1), 60)
    first, second = (calibrate(reference, 30, THRESHOLDS, SECTION, RATE).values for _ in range(2))
    assert (first == second).all()


def test_a_lower_false_alarm_rate_widens_every_limit() -> None:
    reference = photographs(np.random.default_rng(1), 60)
    chance = Chance(reference, 30, THRESHOLDS, SECTION)
    rates = (0.4, 0.1, 0.01, 0.001, 1e-5)  # the last three are beyond what a hundred draws show
    for narrow, wide in pairwise(chance.limits(rate) for rate in rates):
        assert (narrow.values <= wide.values).all()
        assert (narrow.values < wide.values).any()
        assert narrow.rate > wide.rate
