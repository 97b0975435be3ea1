"""Bets on a challenger: none is won by one that does alike."""

import numpy as np
import pytest
from counted import days, report

from weldspot.config.sections.loop import Canary
from weldspot.loop.canary import evidence
from weldspot.loop.canary.evidence import Capital, Evidence

SECTION = Canary(
    share=0.1, steps=[0.1, 0.5], wrong_take_backs=0.05, margin=1.0, slower=0.5, disagreement=0.5, min_looks=500
)
SLOW = [0] * 9 + [20] + [0] * 5


def test_capital_grows_with_gains_and_is_never_below_nothing() -> None:
    won, lost = Capital(), Capital()
    assert won.value == 1
    for _ in range(20):
        won.bet(0.5)
        lost.bet(-5.0)  # no more than the stake
    assert won.value > 100
    assert 0 < lost.value < 0.3
    for _ in range(5000):
        won.bet(1.0)
    assert np.isfinite(won.value)


def test_an_equal_one_wins_no_bet_in_twenty_at_any_time() -> None:
    """Phones that differ, as they do; the chance is 5 % at most, and 100 lives with 10 or less are not surprising."""
    passed = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        found, most = Evidence(), 0.0
        rates = rng.beta(0.5, 8, 20)
        for one in days(200, 0, 0, seed):
            phone = rates[rng.integers(20)]
            found.add(one.model_copy(update={"corrections": int(rng.binomial(20, phone))}), SECTION)
            most = max(most, found.worse)
        passed += most >= 20
    assert passed <= 10


def test_one_that_is_corrected_oftener_is_found_and_one_that_is_not_is_fit() -> None:
    bad, good = evidence.of(days(150, 0.03, 0.15), SECTION), evidence.of(days(400, 0.05, 0.05), SECTION)
    assert bad.worse > 20
    assert bad.fit < 1
    assert good.worse < 20
    assert good.fit > 20
    assert bad.challenger.rate == pytest.approx(0.15, abs=0.03)
    assert bad.production.rate == pytest.approx(0.03, abs=0.02)


def test_one_that_is_slower_is_found() -> None:
    reports = [
        one.model_copy(update={"latency": SLOW}) if one.lot == "challenger" else one for one in days(150, 0.03, 0.03)
    ]
    found = evidence.of(reports, SECTION)
    assert found.slower.value > 80
    assert found.worse > 20
    assert found.challenger.latency == 140
    assert evidence.of(days(150, 0.03, 0.03), SECTION).slower.value < 1


def test_one_that_sees_something_else_is_found() -> None:
    found = evidence.of(days(150, 0.03, 0.03, shadowed=20, disagreed=18), SECTION)
    assert found.worse > 20
    assert evidence.of(days(150, 0.03, 0.03, shadowed=20, disagreed=4), SECTION).otherwise.value < 1


def test_what_no_lot_has_chosen_and_what_is_empty_count_for_nothing() -> None:
    found = evidence.of([report(1, corrections=20), report(2, looks=0, lot="challenger")], SECTION)
    assert (found.worse, found.fit, found.challenger.reports, found.production.reports) == (1, 1, 0, 0)


def test_one_report_moves_it_a_little_only() -> None:
    before = evidence.of(days(60, 0.03, 0.03), SECTION)
    worst = before.corrected.value
    before.add(report(9999, looks=86_400, corrections=86_400, lot="challenger"), SECTION)
    assert before.corrected.value < 2 * max(worst, 1)


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2026-06-30", True), ("2026-07-02", True), ("2026-07-03", False), ("2026-06-16", True), ("2026-06-15", False),
     ("2020-01-01", False), ("2026-13-40", False)],
)  # fmt: skip
def test_a_clock_that_can_not_be_right_is_no_evidence(day: str, counts: bool) -> None:
    assert evidence.timely("2026-06-30", report(1, day=day)) == counts
