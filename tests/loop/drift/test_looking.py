"""One look, and one at more photographs together."""

from dataclasses import replace

import numpy as np
import pytest
from judged import CASE, SECTION, THRESHOLDS, photographs
from pictures import pictures

from weldspot.loop.drift import reading
from weldspot.loop.drift.looking import Judge, Look, together

REFERENCE = photographs(np.random.default_rng(1), 200)


def ready() -> Judge:
    """As it is made from a version, without one."""
    judge = Judge.__new__(Judge)
    judge.reference, judge.thresholds, judge._section = REFERENCE, THRESHOLDS, SECTION
    return judge


def found(n: int, shift: float, seed: int = 2) -> reading.Feedback:
    return reading.Feedback(photographs(np.random.default_rng(seed), n, shift), pictures(n), ("",) * n)


def test_a_look_is_at_its_own_rate() -> None:
    loose, strict = (ready().look(CASE, found(100, 0.5), rate) for rate in (0.3, 0.001))
    assert (loose.limits.values <= strict.limits.values).all()
    assert (loose.verdict.false_alarm_rate, strict.verdict.false_alarm_rate) == (0.3, 0.001)


@pytest.mark.thorough
def test_what_is_slight_in_each_is_found_in_all_together() -> None:
    judge = ready()
    alone = judge.look(CASE, found(30, 0.5), 0.001)
    assert alone.verdict.outcome == "no-drift"
    look = together(alone, judge, replace(CASE, images=240), found(240, 0.5), 3, 0.001)
    assert look.verdict.outcome == "drift"
    assert look.verdict.reasons[0] == (
        "seen in the 240 photographs of the last 4 verdicts together, not in the newest 30 alone"
    )
    assert look.verdict.reasons[1:] == judge.look(CASE, found(240, 0.5), 0.001).verdict.reasons
    assert look.verdict.images == 240


def test_without_drift_in_them_the_first_look_stands() -> None:
    judge = ready()
    alone = judge.look(CASE, found(30, 0.0), 0.001)
    assert together(alone, judge, CASE, found(240, 0.0), 3, 0.001) is alone
    nothing_more = Look(found(30, 3.0), alone.limits, alone.verdict)
    assert together(nothing_more, judge, CASE, found(30, 3.0), 3, 0.001) is nothing_more, "all else are copies"
