"""The gate over years: false alarms of weekly verdicts with nothing new, and how soon each change is found.

python benchmarks/gate_years.py draws the worlds of gate_lists.py: 200 years of 52 verdicts on 50 photographs each, of
twenty references, and after calm weeks a change in all photographs, in a third and in a sixth of them. Beside the
budget of `loop.gate` it tells of what was before it: 1 % for each verdict, each on its own photographs alone.
`benchmarks/gate.py` measures the delays of the named shifts with these functions. Here, in the made-up worlds alone,
the classifier that tells embeddings apart is a linear discriminant, not Evidently's, which takes ten times as long.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
from gate_lists import CHANGES, SCENES, SECTION, world

from weldspot.config.sections.loop import Gate
from weldspot.loop.drift import statistics
from weldspot.loop.drift.calibration import Chance, DriftLimits
from weldspot.loop.drift.lifetime import budget
from weldspot.loop.drift.lifetime.budget import Spent
from weldspot.loop.drift.sample import Sample
from weldspot.loop.drift.statistics import PerClass
from weldspot.runtime.processes import map_shards

WEEKLY, CALM, MOST_WEEKS = 50, 3, 26
BEFORE = 0.01  # of false alarms of one verdict
SHARES = (1.0, 1 / 3, 1 / 6)  # of the photographs that have changed
Batches = Callable[[], Sample]  # one week's photographs


@dataclass
class Watch:
    """A reference, and what chance does with it, of each size once."""

    reference: Sample
    thresholds: PerClass
    section: Gate
    _chances: dict[int, Chance] = field(default_factory=dict)

    def limits(self, size: int, rate: float) -> DriftLimits:
        if size not in self._chances:
            self._chances[size] = Chance(self.reference, size, self.thresholds, self.section)
        return self._chances[size].limits(rate)

    def drifts(self, sample: Sample, *rates: float) -> list[bool]:
        """Whether a verdict on the photographs is drift, at each of the rates."""
        values = statistics.measure(self.reference, sample, self.thresholds)
        auc = statistics.roc_auc(sample.labels, sample.scores)
        known = auc[np.isfinite(auc)]
        low = bool(len(known)) and not known.mean() >= self.section.min_roc_auc
        return [low or bool((values > self.limits(len(sample), rate).values).any()) for rate in rates]


@dataclass
class Gates:
    """Both gates on the same weeks, each with its own memory."""

    watch: Watch
    window: int
    spent: list[Spent] = field(default_factory=list)
    held: list[Sample] = field(default_factory=list)

    def week(self, sample: Sample, number: int) -> tuple[bool, bool]:
        """Whether it is drift: before, and by the budget."""
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(weeks=number)
        rate = budget.rate(self.spent[-60:], now, self.watch.section.false_alarm_years)
        self.spent.append(Spent(now, rate))
        each = rate / 2 if self.held else rate
        before, now_drifts = self.watch.drifts(sample, BEFORE, each)
        if not now_drifts and self.held:
            (now_drifts,) = self.watch.drifts(joined([*self.held, sample]), each)
        self.held = [] if now_drifts or self.window == 1 else [*self.held, sample][-(self.window - 1) :]
        return before, now_drifts


def joined(samples: Sequence[Sample]) -> Sample:
    """Photographs of several weeks; those of no two weeks are of one scene."""
    starts = np.cumsum([0, *(int(sample.groups.max()) + 1 for sample in samples)])
    return Sample(
        samples[0].classes,
        np.concatenate([one.quality for one in samples]),
        np.concatenate([one.scores for one in samples]),
        np.concatenate([one.labels for one in samples]),
        np.concatenate([one.embeddings for one in samples]),
        np.concatenate([one.groups + start for one, start in zip(samples, starts, strict=False)]),
    )


def alarms(watch: Watch, window: int, batches: Batches, years: int) -> tuple[list[int], list[int]]:
    """Of each calm year the number of verdicts that were drift: before, and by the budget."""
    gates, counts = Gates(watch, window), np.zeros((2, years), int)
    for number in range(52 * years):
        counts[:, number // 52] += gates.week(batches(), number)
    return counts[0].tolist(), counts[1].tolist()


def delays(watch: Watch, window: int, calm: Batches, changed: Batches) -> tuple[int, int]:
    """Weeks from a change to drift, after calm ones in which no verdict counts; one more than are tried when never."""
    gates, found = Gates(watch, window), [MOST_WEEKS + 1, MOST_WEEKS + 1]
    for number in range(CALM):
        gates.week(calm(), number)
    gates.held = gates.held or [calm() for _ in range(window - 1)]  # a false alarm has emptied it
    for number in range(1, MOST_WEEKS + 1):
        for gate, drift in enumerate(gates.week(changed(), CALM + number)):
            found[gate] = min(found[gate], number) if drift else found[gate]
        if max(found) <= MOST_WEEKS:
            break
    return found[0], found[1]


def part(calm: Callable[[int], Sample], changed: Callable[[int], Sample], share: float) -> Batches:
    """Weeks of photographs of which a share has changed."""
    count = round(share * WEEKLY)
    if count == WEEKLY:
        return lambda: changed(WEEKLY)
    return lambda: joined([calm(WEEKLY - count), changed(count)])


def told(found: Sequence[tuple[int, int]]) -> str:
    """Mean weeks, before and now, and how many were not found."""
    words = []
    for each in zip(*found, strict=True):
        missed = sum(weeks > MOST_WEEKS for weeks in each)
        mean = np.mean([min(weeks, MOST_WEEKS) for weeks in each])
        words.append(f"{mean:5.1f}" + (f" (not within {MOST_WEEKS}: {missed})" if missed else ""))
    return f"{words[0]} weeks before, {words[1]} by the budget"


def discriminant_auc(reference: np.ndarray, current: np.ndarray) -> float:
    """ROC AUC of a linear discriminant on the half that it has not seen; rows of one scene are neighbours."""
    parts = [(rows[0::2], rows[1::2]) for rows in (reference, current)]
    centred = np.concatenate([seen - seen.mean(0) for seen, _ in parts])
    spread = centred.T @ centred / len(centred) + 0.1 * np.eye(centred.shape[1])
    axis = np.linalg.solve(spread, parts[1][0].mean(0) - parts[0][0].mean(0))
    then, now = (np.sort(unseen @ axis) for _, unseen in parts)
    return float((np.searchsorted(then, now) + np.searchsorted(then, now, "right")).mean() / 2 / len(then))


def one_world(number: int, classes: int, section: Gate, years: int, lives: int) -> dict[str, list[tuple[int, int]]]:
    """Of one reference: what each year and each life has shown."""
    statistics.classifier_auc = discriminant_auc
    rng = np.random.default_rng([classes, number])
    watch = Watch(world(classes, SCENES, rng), np.full(classes, 0.5), section)
    pool = world(classes, 20 * SCENES, rng)

    def calm(count: int) -> Sample:
        return pool.draw(count, rng)

    weeks = alarms(watch, section.window, lambda: calm(WEEKLY), years)
    found: dict[str, list[tuple[int, int]]] = {"": list(zip(*weeks, strict=True))}
    for name, change in CHANGES.items():
        moved = change(pool, rng)
        for share in SHARES:
            batches = part(calm, lambda count, moved=moved: moved.draw(count, rng), share)
            tried = [delays(watch, section.window, lambda: calm(WEEKLY), batches) for _ in range(lives)]
            found[f"{name}, {share:.0%} of the photographs"] = tried
    return found


def worlds(
    classes: int, section: Gate, count: int, years: int, lives: int
) -> Iterator[dict[str, list[tuple[int, int]]]]:
    job = partial(one_world, classes=classes, section=section, years=years, lives=lives)
    yield from map_shards(job, list(range(count)), f"{classes} classes, window {section.window}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--classes", type=int, default=7)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--years", type=int, default=10, help="of each world")
    parser.add_argument("--lives", type=int, default=2, help="of each world and change")
    parser.add_argument("--window", type=int, default=4)
    parser.add_argument("--resamples", type=int, default=1000)
    given = parser.parse_args()
    section = SECTION.model_copy(update={"window": given.window, "resamples": given.resamples})
    found: dict[str, list[tuple[int, int]]] = {}
    for one in worlds(given.classes, section, given.worlds, given.years, given.lives):
        for name, values in one.items():
            found.setdefault(name, []).extend(values)
    years = found.pop("")
    allowed = 1 / section.false_alarm_years
    shares = [np.mean([counts[gate] > 0 for counts in years]) for gate in (0, 1)]
    print(f"{len(years)} years of 52 verdicts on {WEEKLY} photographs with nothing new: years with a false alarm "
          f"{shares[0]:.1%} before, {shares[1]:.1%} by the budget (at most {allowed:.0%})")  # fmt: skip
    totals = [sum(counts[gate] for counts in years) for gate in (0, 1)]
    print(f"false alarms in all: {totals[0]} before, {totals[1]} by the budget")
    for name, values in found.items():
        print(f"{name}: found after {told(values)}")
    return 0 if shares[1] <= allowed else 1


if __name__ == "__main__":
    sys.exit(main())
