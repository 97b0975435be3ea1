"""What a phone may count, and what can't be true."""

from typing import Any

import counted
import pytest
from counted import A, report

from weldspot.contracts.telemetry import TELEMETRY_BYTES, TELEMETRY_CLASSES, Telemetry
from weldspot.runtime.state_files import Damaged


def test_it_survives_its_json_and_holds_no_more_than_sums() -> None:
    one = report(scores={"Crack": [20] + [0] * 9}, corrections=1)
    assert Telemetry.parse(one.model_dump_json(), "here") == one
    allowed = {"id", "day", "model", "version", "looks", "obstacles", "corrections", "confirmations", "scores"}
    allowed |= {"brightness", "sharpness", "latency", "challenger", "lot", "shadowed", "disagreed"}
    assert set(Telemetry.model_fields) == allowed, "docs/telemetry.md says what is sent, word for word"


def test_the_largest_fits_its_bound() -> None:
    names = {f"{'long name of a class ' * 3}{k}": [86_400] + [0] * 9 for k in range(TELEMETRY_CLASSES)}
    assert len(report(looks=86_400, scores=names).model_dump_json()) < TELEMETRY_BYTES


@pytest.mark.parametrize(
    "changes",
    [
        {"looks": -1},
        {"looks": 90_000},
        {"looks": 1, "latency": [2] + [0] * 14},
        {"scores": {"Crack": [1] * 9}},
        {"scores": {"Crack": [9] * 10}},
        {"scores": {str(k): [0] * 10 for k in range(101)}},
        {"id": "anna"},
        {"day": "today"},
        {"model": "latest"},
        {"challenger": "b"},
        {"lot": "heads"},
        {"shadowed": 21},
        {"shadowed": 3, "disagreed": 4},
    ],
)
def test_what_can_not_be_true_is_refused(changes: dict[str, Any]) -> None:
    said = report().model_dump() | changes
    with pytest.raises(Damaged):
        Telemetry.parse(Telemetry.model_construct(**said).model_dump_json(warnings=False), "here")


def test_the_days_of_a_canary_are_by_lot() -> None:
    lots = [one.lot for one in counted.days(200, 0.0, 0.0)]
    assert 70 < lots.count("challenger") < 130
    assert {one.model for one in counted.days(9, 0, 0) if one.lot == "production"} == {A}
