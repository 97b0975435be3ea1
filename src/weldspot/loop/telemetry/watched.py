"""What phones have counted with a model, held against its first days: a fair sample, which no correction is.

People send what is wrong; phones count every look. So the gate tells of both and mixes neither: nothing that phones
count has a photograph or a label, and nothing is admitted for it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from weldspot.contracts.telemetry import Telemetry
from weldspot.contracts.verdict import Phones
from weldspot.loop.telemetry import reports

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

DAYS = 7  # at first, and of late
MIN_LOOKS = 500  # in each of the two
_SPLITS, _CHANCE = 999, 0.01


def phones(workspace: "Workspace", model: str, min_effect: float, seed: int) -> Phones | None:
    """What is told of a model (SHA-256) in its verdict; None where no phone has reported.

    `moved`: histograms of the last days that differ from those of the first by more than days do among themselves
    (permutations of whole days, the largest distance of all) and by `min_effect`. Raises Damaged.
    """
    days: dict[str, list[Telemetry]] = {}
    for day, report in reports.by_arrival(workspace):
        if report.model == model and report.looks:
            days.setdefault(day, []).append(report)
    if not days:
        return None
    all_of = [report for those in days.values() for report in those]
    looks = sum(report.looks for report in all_of)
    return Phones(
        days=len(days),
        reports=len(all_of),
        looks=looks,
        corrected=sum(report.corrections for report in all_of) / looks,
        blind=sum(report.obstacles for report in all_of) / (looks + sum(report.obstacles for report in all_of)),
        moved=_moved([days[day] for day in sorted(days)], min_effect, seed),
    )


def _moved(days: Sequence[Sequence[Telemetry]], min_effect: float, seed: int) -> list[str]:
    if len(days) < 2 * DAYS:
        return []
    chosen = [*days[:DAYS], *days[-DAYS:]]
    names = [*sorted({f"score of {name}" for day in chosen for one in day for name in one.scores}), "brightness"]
    names += ["sharpness", "time of a look"]
    sums = [[_summed(day, name) for name in names] for day in chosen]
    first = np.arange(2 * DAYS) < DAYS
    if min(sum(one.looks for day in part for one in day) for part in (chosen[:DAYS], chosen[DAYS:])) < MIN_LOOKS:
        return []
    found = _distances(sums, first)
    rng = np.random.default_rng(seed)
    largest = [_distances(sums, rng.permutation(first)).max() for _ in range(_SPLITS)]
    limit = max(float(np.quantile(largest, 1 - _CHANCE, method="higher")), min_effect)
    return [
        f"{name}: the phones' last {DAYS} days differ from the first {DAYS} (distance {value:.2f}, limit {limit:.2f})"
        for name, value in sorted(zip(names, found, strict=True), key=lambda one: -one[1])
        if value > limit
    ]


def _summed(day: Sequence[Telemetry], name: str) -> Float[np.ndarray, " bins"]:
    total: Float[np.ndarray, " bins"] = np.zeros(1)  # one bin: no report has it
    for histogram in (_histogram(report, name) for report in day):
        if histogram is not None:
            total = histogram if len(total) == 1 else total + histogram
    return total


def _histogram(report: Telemetry, name: str) -> Float[np.ndarray, " bins"] | None:
    if name.startswith("score of "):
        found = report.scores.get(name.removeprefix("score of "))
    else:
        found = {"brightness": report.brightness, "sharpness": report.sharpness}.get(name, report.latency)
    return None if found is None else np.array(found, float)


def _distances(sums: Sequence[Sequence[Float[np.ndarray, " bins"]]], first: np.ndarray) -> Float[np.ndarray, " names"]:
    """Of each histogram the largest gap of the two distribution functions, 0 where one of them is empty."""
    found = []
    for column in zip(*sums, strict=True):
        parts = [np.cumsum(np.sum([one for one, there in zip(column, side, strict=True) if there and len(one) > 1]
                                  or [np.zeros(2)], axis=0)) for side in (first, ~first)]  # fmt: skip
        both = all(part[-1] > 0 for part in parts)
        found.append(float(np.abs(parts[0] / parts[0][-1] - parts[1] / parts[1][-1]).max()) if both else 0.0)
    return np.array(found)
