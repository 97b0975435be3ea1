"""How sure one verdict must be, so that false alarms stay rare over years of them: alpha that accrues with time.

Wealth is spent as in alpha-investing (Foster and Stine, 2008), without its reward for a discovery: their share of false
ones is not what wakes people, their number in a year is. That number is at most what was spent, whatever verdicts have
in common (they share a reference): expectations add up.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

_YEAR = timedelta(days=365)
_SHARE = 0.25  # of the wealth, for one verdict: verdicts in a row get less and less, never nothing
_MOST = 1 / 3  # of a year's accrual is kept at most: monthly verdicts lose nothing, and no year spends much more
_LEAST = 1e-9  # a verdict without any chance of a false alarm could find nothing
_FIRST = 4 / 52  # of a year's accrual is there at the start: weekly verdicts spend the same from the first


class Spent(NamedTuple):
    """One verdict: when, and the chance of a false alarm that it was given."""

    at: datetime
    rate: float


def rate(before: Iterable[Spent], now: datetime, years: float) -> float:
    """The chance of a false alarm that a verdict of `now` may have, for one expected in `years` at most.

    In any 365 days all of them together are given 1/`years` at most. A clock that was ahead when a verdict was given
    does not hold up what accrues now.
    """
    accrues = 1 / years / (1 + _MOST)  # in a year
    most = accrues * _MOST
    wealth, last = accrues * _FIRST, None
    for one in [*sorted(Spent(min(each.at, now), each.rate) for each in before), Spent(now, 0.0)]:
        if last is not None:
            wealth = min(most, wealth + accrues * ((one.at - last) / _YEAR))
        wealth, last = max(0.0, wealth - one.rate), one.at
    return max(wealth * _SHARE, _LEAST)
