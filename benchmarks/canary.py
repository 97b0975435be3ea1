"""The canary measured: 200 simulated phones, challengers that do alike, better and worse.

python benchmarks/canary.py. Phones differ in how much they are used and how often their welder corrects. On a seventh
of the days they are off the network, and what they counted comes up to ten days late, in another order. One in twenty
has a clock that is a day off, one in twenty a clock that stands still, so that its lot never changes. Now and then
the server is killed before it has stored what came that day: the phones send it again. `weldspot canary` runs once a
day, by the rules that it has.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np

from weldspot.config.sections.loop import Canary
from weldspot.contracts.telemetry import LATENCY_EDGES, Telemetry
from weldspot.loop.canary.deciding import decided
from weldspot.loop.canary.evidence import Evidence, timely
from weldspot.loop.publishing.course import Course, Step
from weldspot.runtime.processes import map_shards

PHONES, DAYS, LOOKS = 200, 120, 40
RATE, MS = 0.04, 25.0  # corrections for each look, and the time that one takes, on the middle phone
SECTION = Canary(
    share=0.1, steps=[0.1, 0.5], wrong_take_backs=0.05, margin=1.0, slower=0.5, disagreement=0.5, min_looks=500
)
A, B = "a" * 64, "b" * 64
BEGIN = date(2026, 6, 1)


@dataclass(frozen=True)
class Challenger:
    """How many times as often it is corrected, and as long it takes; on what share of the looks it sees otherwise."""

    corrected: float = 1.0
    slower: float = 1.0
    otherwise: float = 0.1


@dataclass(frozen=True)
class Ended:
    """How a course ended (or "held"), after how many days and looks with the challenger; the widest share before."""

    how: str
    days: int
    looks: int
    share: float


def life(number: int, challenger: Challenger, offline: bool = True) -> Ended:
    """One course from its beginning."""
    rng = np.random.default_rng([7, number])
    order = rng.random(PHONES)  # the hash of each phone's own name
    used = rng.gamma(1.5, LOOKS / 1.5, PHONES)
    rate = np.minimum(0.5, RATE * rng.lognormal(-0.4, 0.9, PHONES))  # some welders correct hardly anything
    pace = MS * rng.lognormal(0, 0.4, PHONES)
    clocks = rng.choice(3, PHONES, p=(0.9, 0.05, 0.05))  # right, a day off, standing still
    course = Course(version="2", sha256=B, before=A, steps=[Step(share=SECTION.share, at="", why="begun")])
    found, late = Evidence(), [[] for _ in range(DAYS + 12)]
    for day in range(DAYS):
        for phone in np.flatnonzero(order < course.share):
            lot = bool(rng.random() < 0.5) if clocks[phone] < 2 else order[phone] * 1e6 % 1 < 0.5
            report = counted(rng, lot, challenger, used[phone] * (0.3 if day % 7 > 4 else 1), rate[phone], pace[phone])
            if report is None:
                continue
            shown = BEGIN + timedelta(days=day + int(clocks[phone] == 1))
            report = report.model_copy(update={"day": str(shown) if clocks[phone] < 2 else "2020-01-01"})
            delay = int(rng.integers(1, 11)) if offline and rng.random() < 1 / 7 else 0
            late[day + delay].append(report)
        arrived = late[day] if day < DAYS else []
        if offline and rng.random() < 0.02:  # killed: the phones heard no answer and try again
            late[day + 1].extend(arrived)
            arrived = []
        for place in rng.permutation(len(arrived)):
            if timely(str(BEGIN + timedelta(days=day)), arrived[place]):
                found.add(arrived[place], SECTION)
        course = decided(course, found, SECTION)
        if course.ending:
            return Ended(course.ending, day + 1, found.challenger.looks, course.steps[-2].share)
    return Ended("held", DAYS, found.challenger.looks, course.share)


def counted(
    rng: np.random.Generator, lot: bool, challenger: Challenger, used: float, rate: float, pace: float
) -> Telemetry | None:
    """A phone's day; None where it was not used."""
    looks = int(rng.poisson(used))
    if not looks:
        return None
    times = challenger if lot else Challenger()
    corrections = min(looks, int(rng.poisson(looks * min(1.0, rate * times.corrected))))
    place = int(np.searchsorted(LATENCY_EDGES, pace * times.slower * rng.lognormal(0, 0.1)))
    latency = [looks if k == place else 0 for k in range(len(LATENCY_EDGES) + 1)]
    shadowed = int(rng.binomial(looks, 0.2))
    disagreed = int(rng.binomial(shadowed, times.otherwise if lot else challenger.otherwise))
    return Telemetry.model_construct(
        looks=looks, corrections=corrections, latency=latency, lot="challenger" if lot else "production",
        shadowed=shadowed, disagreed=disagreed,
    )  # fmt: skip


CASES: dict[str, Challenger] = {
    "does alike": Challenger(),
    "is corrected 0.7 times as often": Challenger(0.7),
    "is corrected 1.5 times as often": Challenger(1.5),
    "is corrected twice as often": Challenger(2),
    "is corrected three times as often": Challenger(3),
    "is corrected five times as often": Challenger(5),
    "takes twice as long": Challenger(slower=2),
    "sees something else on 80 % of the looks": Challenger(otherwise=0.8),
}


def told(name: str, ends: Sequence[Ended]) -> str:
    """A line of the table."""
    parts = []
    for how in ("taken back", "everywhere", "held"):
        those = [one for one in ends if one.how == how]
        if those:
            days, looks = (np.quantile([getattr(one, key) for one in those], [0.5, 0.95]) for key in ("days", "looks"))
            parts.append(f"{how} {len(those) / len(ends):.1%} (days: median {days[0]:.0f}, 95 % within {days[1]:.0f}; "
                         f"looks: {looks[0]:,.0f}, {looks[1]:,.0f})")  # fmt: skip
    wide = np.mean([one.share > SECTION.share for one in ends if one.how == "taken back"] or [0.0])
    return f"{name}: {'; '.join(parts)}" + (f"; {wide:.0%} of the take-backs after it was widened" if wide else "")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lives", type=int, default=400, help="of each challenger")
    options = parser.parse_args()
    good = True
    for name, challenger in CASES.items():
        ends = list(map_shards(partial(life, challenger=challenger), list(range(options.lives)), name))
        print(told(name, ends), flush=True)
        back = np.mean([one.how == "taken back" for one in ends])
        if challenger == Challenger():
            good &= bool(back <= SECTION.wrong_take_backs)
        if challenger.corrected >= 3:
            good &= bool(back >= 0.95)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
