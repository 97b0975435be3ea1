"""From measured statistics to a verdict that says in words what moved and by how much."""

from dataclasses import dataclass

import numpy as np

from weldspot.config.sections.loop import Gate
from weldspot.loop.drift import statistics
from weldspot.loop.drift.calibration import Limits
from weldspot.loop.drift.sample import Sample

DRIFT, NO_DRIFT, INSUFFICIENT = "drift", "no-drift", "insufficient-data"
EXIT_CODES = {NO_DRIFT: 0, DRIFT: 10, INSUFFICIENT: 11}


@dataclass(frozen=True)
class Verdict:
    """`reasons`: one line for each thing that moved, the farthest beyond its limit first; `rows`: every statistic."""

    outcome: str
    reasons: list[str]
    rows: list[dict]


def judge(reference: Sample, current: Sample, decisions: np.ndarray, limits: Limits, section: Gate) -> Verdict:
    """Drift when any statistic is beyond its limit, or the mean ROC AUC on the welder's labels is below its floor."""
    values = statistics.measure(reference, current, decisions)
    rows: list[dict] = []
    for name, value, limit, (then, now) in zip(
        statistics.NAMES, values, limits.thresholds, _levels(reference, current, decisions), strict=True
    ):
        row = {"name": name, "value": float(value), "limit": float(limit), "moved": bool(value > limit)}
        rows.append(row | {"reference": then, "feedback": now})
    moved = sorted((row for row in rows if row["moved"]), key=lambda row: -row["value"] / row["limit"])
    reasons = [_sentence(row) for row in moved]
    auc = statistics.roc_auc(current.labels, current.scores)
    known = auc[np.isfinite(auc)]
    if len(known) and known.mean() < section.min_roc_auc:
        reasons.insert(0, f"mean ROC AUC on the welder's labels is {known.mean():.3f}, below {section.min_roc_auc:g}")
    return Verdict(DRIFT if reasons else NO_DRIFT, reasons, rows)


def _levels(reference: Sample, current: Sample, decisions: np.ndarray) -> list[tuple[float | None, float | None]]:
    """What each statistic compares, in its own unit: medians, mean scores, shares, ROC AUC, agreement."""
    then, now = (
        np.concatenate(
            [
                np.median(sample.quality, 0),
                sample.scores.mean(0),
                sample.labels.mean(0),
                [np.nan],  # the embedding has no level
                statistics.roc_auc(sample.labels, sample.scores),
                statistics.agreement(sample.labels, sample.scores, decisions),
            ]
        )
        for sample in (reference, current)
    )
    return [(_number(a), _number(b)) for a, b in zip(then, now, strict=True)]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _sentence(row: dict) -> str:
    kind, _, name = row["name"].partition(": ")
    then, now, value, limit = row["reference"], row["feedback"], row["value"], row["limit"]
    match kind:
        case "quality":
            return f"{name}: median {then:.1f} was, {now:.1f} is (distance {value:.2f}, limit {limit:.2f})"
        case "score":
            return f"score of {name}: mean {then:.2f} was, {now:.2f} is (distance {value:.2f}, limit {limit:.2f})"
        case "label":
            return f"{name}: {then:.0%} of the photographs had this label, {now:.0%} have (limit {limit:.0%} apart)"
        case "embedding":
            auc = 0.5 + row["value"]
            return (
                f"the pictures: a classifier tells them from the reference's (AUC {auc:.2f}, limit {0.5 + limit:.2f})"
            )
        case _:
            where = "ROC AUC" if kind == "ROC AUC" else "agreement with the welder"
            return f"{name}: {where} {then:.3f} was, {now:.3f} is (loss {value:.3f}, limit {limit:.3f})"
