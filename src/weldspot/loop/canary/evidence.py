"""What the reports of a canary's phones say of the challenger, at any time, as bets that an equal one would lose.

The phones that take part draw a lot each day for one of the two models. So whatever phones, welders and days have in
common, a report's lot is a fair coin that knows nothing of it: a bet that pays by the lot has no gain to expect where
the two models do alike, however it was chosen from what came before. Its capital passes 1/α with a chance of α at most,
over all times at which one looks (Ville, 1939; Waudby-Smith and Ramdas, 2023; by design: Ham and others, 2022).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from jaxtyping import Float

from weldspot.config.sections.loop import Canary
from weldspot.contracts.telemetry import LATENCY_EDGES, Telemetry

_EARLIEST, _LATEST = timedelta(days=-2), timedelta(days=14)
_STAKES = np.geomspace(0.02, 0.9, 12)  # of the capital, on each report; one share each, none has to be guessed
_CORRECTIONS = 4.0  # above what is expected or below it: one report counts for no more
_LOOKS = 400  # of one report count
_SHADOWED = 50
_PRIOR_LOOKS, _PRIOR_CORRECTIONS, _PRIOR_MS = 100.0, 3.0, 30.0  # what is expected before anything was seen
_MIDDLES = np.array([0.5 * (a + b) for a, b in zip((0, *LATENCY_EDGES), (*LATENCY_EDGES, 960), strict=True)])


@dataclass
class Capital:
    """Of bets with every stake at once: its mean is as good a bet as each."""

    _logs: Float[np.ndarray, " stakes"] = field(default_factory=lambda: np.zeros(len(_STAKES)))

    def bet(self, gain: float) -> None:
        """`gain`: -1 to 1, of the whole stake; 0 or less is expected of it."""
        self._logs += np.log1p(_STAKES * min(1.0, max(-1.0, gain)))

    @property
    def value(self) -> float:
        """1 at the start."""
        top = self._logs.max()
        return float(np.exp(min(top, 700.0)) * np.exp(self._logs - top).mean())


@dataclass
class Side:
    """What the days of one of the two models add up to."""

    reports: int = 0
    looks: int = 0
    corrections: int = 0
    milliseconds: float = 0.0
    timed: int = 0

    def add(self, report: Telemetry) -> None:
        self.reports += 1
        self.looks += report.looks
        self.corrections += report.corrections
        self.milliseconds += float(np.dot(report.latency, _MIDDLES))
        self.timed += sum(report.latency)

    @property
    def rate(self) -> float:
        """Corrections for each look; 0 before the first."""
        return self.corrections / self.looks if self.looks else 0.0

    @property
    def latency(self) -> float:
        """Mean milliseconds; 0 before the first."""
        return self.milliseconds / self.timed if self.timed else 0.0


@dataclass
class Evidence:
    """`worse`: capital of the bet that the challenger is worse in any way; `fit`: that it is not much worse."""

    challenger: Side = field(default_factory=Side)
    production: Side = field(default_factory=Side)
    corrected: Capital = field(default_factory=Capital)
    slower: Capital = field(default_factory=Capital)
    otherwise: Capital = field(default_factory=Capital)
    alike: Capital = field(default_factory=Capital)
    shadowed: int = 0
    disagreed: int = 0

    @property
    def worse(self) -> float:
        """Half of it was bet on corrections, a quarter each on latency and on disagreement."""
        return self.corrected.value / 2 + self.slower.value / 4 + self.otherwise.value / 4

    @property
    def fit(self) -> float:
        return self.alike.value

    def add(self, report: Telemetry, section: Canary) -> None:
        """One report more; those whose lot is not known count for nothing."""
        if not report.lot or not report.looks:
            return
        tried = report.lot == "challenger"
        sign = 1.0 if tried else -1.0
        self._corrections(report, sign, section.margin)
        self._latency(report, sign, section.slower)
        if report.shadowed:
            self.shadowed += report.shadowed
            self.disagreed += report.disagreed
            weight = min(report.shadowed, _SHADOWED) / _SHADOWED
            self.otherwise.bet(weight * (report.disagreed / report.shadowed - section.disagreement))
        (self.challenger if tried else self.production).add(report)

    def _corrections(self, report: Telemetry, sign: float, margin: float) -> None:
        both = (self.challenger, self.production)
        looks = sum(side.looks for side in both) + _PRIOR_LOOKS
        expected = (sum(side.corrections for side in both) + _PRIOR_CORRECTIONS) / looks
        part = min(1.0, _LOOKS / report.looks)  # of a report of very many looks
        seen, wanted = report.corrections * part, expected * report.looks * part
        self.corrected.bet(sign * (seen - wanted) / _CORRECTIONS)
        thinned = seen / (1 + margin) if sign > 0 else seen  # as if the challenger's were so many times as many
        self.alike.bet(-sign * (thinned - wanted) / _CORRECTIONS)

    def _latency(self, report: Telemetry, sign: float, slower: float) -> None:
        timed = sum(report.latency)
        if not timed:
            return
        both = (self.challenger, self.production)
        before = sum(side.timed for side in both) + _PRIOR_LOOKS
        expected = (sum(side.milliseconds for side in both) + _PRIOR_LOOKS * _PRIOR_MS) / before
        mean = float(np.dot(report.latency, _MIDDLES)) / timed
        self.slower.bet(sign * ((mean / (1 + slower) if sign > 0 else mean) - expected) / (2 * expected))


def timely(arrived: str, report: Telemetry) -> bool:
    """Whether its day may be true, of a report that was collected on the day `arrived`.

    A phone whose clock stands still draws one lot for good: what it counts is no evidence.
    """
    try:
        late = date.fromisoformat(arrived) - date.fromisoformat(report.day)
    except ValueError:
        return False
    return _EARLIEST <= late <= _LATEST


def of(reports: Iterable[Telemetry], section: Canary) -> Evidence:
    """Of all reports in the order in which they came."""
    found = Evidence()
    for report in reports:
        found.add(report, section)
    return found
