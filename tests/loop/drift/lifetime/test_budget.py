"""What a verdict may spend, whatever the rhythm of verdicts and the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weldspot.loop.drift.lifetime import budget
from weldspot.loop.drift.lifetime.budget import Spent

START = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = 10.0


def spent(gaps: list[timedelta]) -> list[Spent]:
    """What verdicts after these gaps are given, one after the other."""
    found: list[Spent] = []
    now = START
    for gap in gaps:
        now += gap
        found.append(Spent(now, budget.rate(found, now, YEARS)))
    return found


def most_in_a_year(found: list[Spent]) -> float:
    year = timedelta(days=365)
    return max(sum(one.rate for one in found if start.at <= one.at < start.at + year) for start in found)


@given(st.lists(st.floats(0, 200 * 24 * 3600), min_size=1, max_size=60))
def test_no_year_is_given_more_than_its_share(seconds: list[float]) -> None:
    assert most_in_a_year(spent([timedelta(seconds=one) for one in seconds])) <= 1 / YEARS + 1e-7


@pytest.mark.parametrize("days", [1, 7, 30])
def test_a_steady_rhythm_is_given_the_same_each_time_and_most_of_the_budget(days: int) -> None:
    found = spent([timedelta(days=days)] * (3 * 365 // days))
    last = [one.rate for one in found[-365 // days :]]
    assert max(last) == pytest.approx(min(last), rel=0.01)
    assert sum(last) == pytest.approx(0.75 / YEARS, rel=0.1)


def test_weekly_verdicts_are_given_it_from_the_first() -> None:
    found = spent([timedelta(days=7)] * 20)
    assert [one.rate for one in found] == pytest.approx([found[0].rate] * 20, rel=0.01)


def test_verdicts_in_a_row_get_less_and_less_and_never_nothing() -> None:
    rates = [one.rate for one in spent([timedelta(minutes=1)] * 30)]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] > 0
    assert rates[4] > rates[0] / 4


def test_a_clock_that_was_ahead_holds_up_nothing() -> None:
    ahead = [Spent(START + timedelta(days=3650), 0.001)]
    later = START + timedelta(days=60)
    assert budget.rate([*ahead, Spent(START, 0.001)], later, YEARS) > 0
    soon, late = (
        budget.rate([Spent(START + timedelta(days=3650), 0.001), Spent(now, 0.0)], now + timedelta(days=30), YEARS)
        for now in (START, START + timedelta(days=30))
    )
    assert soon == pytest.approx(late)
    assert budget.rate([Spent(START, 0.001)], START - timedelta(days=5), YEARS) > 0, "set back"


def test_more_than_there_was_leaves_nothing_below_zero() -> None:
    """The parameter was changed meanwhile."""
    assert 0 < budget.rate([Spent(START, 0.9)], START, YEARS) < 1e-8
    assert budget.rate([Spent(START, 0.9)], START + timedelta(days=7), YEARS) > 0
