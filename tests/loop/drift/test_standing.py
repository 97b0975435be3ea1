"""No uploader makes drift alone; all of them together do."""

import numpy as np
import pytest
from judged import CASE, RATE, SECTION, THRESHOLDS, photographs

from weldspot.contracts.verdict import Verdict
from weldspot.loop.drift.calibration import calibrate
from weldspot.loop.drift.judging import judge
from weldspot.loop.drift.sample import Sample
from weldspot.loop.drift.standing import without_any_one

REFERENCE = photographs(np.random.default_rng(1), 200)


@pytest.fixture(scope="module")
def judged_with():
    limits = calibrate(REFERENCE, 100, THRESHOLDS, SECTION, RATE)

    def found(current: Sample, senders: list[str]) -> tuple[Verdict, Verdict]:
        first = judge(CASE, REFERENCE, current, THRESHOLDS, limits, SECTION)
        return first, without_any_one(first, REFERENCE, current, senders, THRESHOLDS, limits, SECTION)

    return found


def with_lies(count: int) -> Sample:
    """A hundred photographs; `count` of them have labels that the model contradicts."""
    sample = photographs(np.random.default_rng(2), 100)
    sample.labels[:count] = np.roll(sample.labels[:count], 3, axis=1)
    return sample


def test_what_one_uploader_moves_is_no_drift_and_is_told(judged_with) -> None:
    honest = [f"welder-{k % 8}" for k in range(80)]
    before, after = judged_with(with_lies(20), ["mallory"] * 20 + honest)
    assert (before.outcome, after.outcome) == ("drift", "no-drift")
    assert after.reasons[0].startswith("what moved, moved by one uploader alone: without the 20 photographs of mallory")
    assert after.reasons[1:] == before.reasons


def test_what_many_say_is_drift(judged_with) -> None:
    before, after = judged_with(with_lies(60), [f"welder-{k % 10}" for k in range(100)])
    assert before.outcome == after.outcome == "drift"
    assert after.reasons == before.reasons


def test_on_one_s_own_machine_one_is_enough(judged_with) -> None:
    _, after = judged_with(with_lies(60), [""] * 100)
    assert after.outcome == "drift"
