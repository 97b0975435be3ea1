"""From measured statistics to a verdict that says in words what moved and by how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Float

from weldspot.config.sections.loop import Gate
from weldspot.contracts.verdict import JudgedModel, Outcome, Statistic, Verdict
from weldspot.loop.drift import statistics
from weldspot.loop.drift.calibration import DriftLimits
from weldspot.loop.drift.sample import Sample
from weldspot.loop.drift.statistics import PerClass

DRIFT: Outcome = "drift"
NO_DRIFT: Outcome = "no-drift"
INSUFFICIENT: Outcome = "insufficient-data"


@dataclass(frozen=True)
class Case:
    """What is to be judged: `images` photographs in `batches` (file names), against a model, `at` a time (ISO 8601)."""

    at: str
    model: JudgedModel
    batches: list[str]
    images: int


def too_few(
    case: Case,
    section: Gate,
    left_out: Mapping[str, int] = MappingProxyType({}),
    counted: int | None = None,
    notes: Sequence[str] = (),
) -> Verdict:
    """The verdict where nothing can be said; `left_out`: why photographs can't be judged by this model → how many.

    `counted`: how many count, where that is fewer than can be judged, and in `notes` why.
    """
    usable = case.images - sum(left_out.values())
    waiting = f"{usable} photographs wait to be judged" + ("" if counted is None else f" and {counted} of them count")
    reasons = [f"{waiting}, {section.min_images} are asked for (loop.gate.min_images)", *notes]
    reasons += [f"{count} more can't be judged by this model: {reason}" for reason, count in left_out.items()]
    return Verdict(
        outcome=INSUFFICIENT, reasons=reasons, at=case.at, model=case.model, batches=case.batches, images=case.images
    )


def judge(
    case: Case, reference: Sample, current: Sample, class_thresholds: PerClass, limits: DriftLimits, section: Gate
) -> Verdict:
    """Drift when any statistic is beyond its limit, or the mean ROC AUC on the welder's labels is below its floor.

    What could not be measured is no calm: without drift elsewhere it is insufficient data, and named.
    """
    values = statistics.measure(reference, current, class_thresholds, section.statistics)
    levels = _levels(reference, current, class_thresholds, len(section.statistics))
    names = statistics.names(reference.classes, section.statistics)
    measured = np.isfinite(values) & np.isfinite(limits.values)
    found = [
        Statistic(
            name=name, value=float(value), limit=float(limit), moved=bool(value > limit), reference=then, feedback=now
        )
        for name, value, limit, (then, now), known in zip(names, values, limits.values, levels, measured, strict=True)
        if known
    ]
    moved = sorted((one for one in found if one.moved), key=lambda one: -one.value / one.limit)
    reasons = [_sentence(one) for one in moved]
    missing = [f"{name}: can't be measured" for name, known in zip(names, measured, strict=True) if not known]
    auc = statistics.roc_auc(current.labels, current.scores)
    known = auc[np.isfinite(auc)]
    if not len(known):
        few = statistics.MIN_CASES
        missing.append(f"ROC AUC on the welder's labels: no class has {few} photographs with it and as many without")
    elif not known.mean() >= section.min_roc_auc:
        reasons.insert(0, f"mean ROC AUC on the welder's labels is {known.mean():.3f}, below {section.min_roc_auc:g}")
    outcome = DRIFT if reasons else INSUFFICIENT if missing else NO_DRIFT
    return Verdict(
        outcome=outcome,
        reasons=[*reasons, *missing],
        at=case.at,
        model=case.model,
        batches=case.batches,
        images=case.images,
        judged=len(current),
        reference=len(reference),
        false_alarm_rate=limits.rate,
        statistics=found,
    )


def _levels(
    reference: Sample, current: Sample, class_thresholds: PerClass, own: int
) -> list[tuple[float | None, float | None]]:
    """What each statistic compares, in its own unit: medians, mean scores, shares, ROC AUC, agreement."""

    def of(sample: Sample) -> Float[np.ndarray, " statistics"]:
        return np.concatenate(
            [
                np.median(sample.quality, 0),
                sample.scores.mean(0),
                sample.labels.mean(0),
                [np.nan] * (1 + own),  # the embedding has no level, and nobody knows those of `own` statistics
                statistics.roc_auc(sample.labels, sample.scores),
                statistics.agreement(sample.labels, sample.scores, class_thresholds),
            ]
        )

    return [(_number(then), _number(now)) for then, now in zip(of(reference), of(current), strict=True)]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _sentence(moved: Statistic) -> str:
    kind, _, name = moved.name.partition(": ")
    then, now, value, limit = moved.reference, moved.feedback, moved.value, moved.limit
    match kind:
        case "quality":
            return f"{name}: median {now:.1f}, was {then:.1f} (distance {value:.2f}, limit {limit:.2f})"
        case "score":
            return f"score of {name}: mean {now:.2f}, was {then:.2f} (distance {value:.2f}, limit {limit:.2f})"
        case "label":
            return f"{name}: {now:.0%} of the photographs have this label, {then:.0%} had (limit {limit:.0%} apart)"
        case "embedding":
            auc = 0.5 + value
            return (
                f"the pictures: a classifier tells them from the reference's (AUC {auc:.2f}, limit {0.5 + limit:.2f})"
            )
        case "own":
            return f"{name}: {value:.3g} (limit {limit:.3g})"
        case _:
            where = "ROC AUC" if kind == "ROC AUC" else "agreement with the welder"
            return f"{name}: {where} {now:.3f}, was {then:.3f} (loss {value:.3f}, limit {limit:.3f})"
