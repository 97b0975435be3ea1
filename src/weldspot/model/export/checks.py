"""What the phone's file must hold before it may be called staging."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np

from weldspot.config.sections.export import Checks
from weldspot.config.sections.preprocess import Preprocess
from weldspot.model.evaluation import metrics
from weldspot.model.evaluation.metrics import Scores, Truth
from weldspot.model.evaluation.scores import rounded
from weldspot.model.export.known_classes import UnknownClasses
from weldspot.model.export.phone_model import InputSpec, sha256

SliceBounds = tuple[float | None, float | None, float | None]  # mean average precision, and its interval over scenes


class FileScores(TypedDict):
    """What was measured of a file on the test images in the TFLite runtime, Keras' own answers beside it.

    None is what could not be measured: no class to score, or answers that are no numbers. `classes`: of how many the
    test images show both outcomes; the means are over these. `pointing`: how often the maps point into a box.
    """

    sha256: str
    megabytes: float
    classes: int
    mean_average_precision: float | None
    mean_roc_auc: float | None
    average_precision_loss: float | None
    probability_gap: float | None
    pointing: float | None
    pointing_loss: float | None


class CheckResult(TypedDict):
    """One check, and what was found against what is asked for."""

    check: str
    passed: bool
    reason: str


@dataclass(frozen=True)
class ChecksReport:
    """All checks of one file."""

    checks: list[CheckResult]

    @property
    def passed(self) -> bool:
        """Whether every one passed."""
        return all(result["passed"] for result in self.checks)

    @property
    def failures(self) -> list[str]:
        """Check and reason of those that did not."""
        return [f"{result['check']}: {result['reason']}" for result in self.checks if not result["passed"]]


def measure(
    truth: Truth, keras: Scores, phone: Scores, path: Path, pointing: tuple[float | None, float | None]
) -> FileScores:
    """Scores of the file at `path`, whose probabilities are `phone`, against those of Keras.

    `pointing`: how often Keras' maps point into a box, and the file's.
    """
    was_right, is_right = pointing
    usable = np.isfinite(keras).all() and np.isfinite(phone).all()
    auc, ap, was = (
        metrics.mean(values) if usable else math.nan
        for values in (
            metrics.roc_auc(truth, phone), metrics.average_precision(truth, phone),
            metrics.average_precision(truth, keras),
        )
    )  # fmt: skip
    return {
        "sha256": sha256(path),
        "megabytes": round(path.stat().st_size / 1e6, 3),
        "classes": int((truth.any(axis=0) & ~truth.all(axis=0)).sum()),
        "mean_average_precision": rounded(ap),
        "mean_roc_auc": rounded(auc),
        "average_precision_loss": rounded(was - ap),
        "probability_gap": rounded(float(np.abs(keras - phone).mean())) if usable and len(phone) else None,
        "pointing": is_right,
        "pointing_loss": None if was_right is None or is_right is None else rounded(was_right - is_right),
    }


def judge(
    limits: Checks,
    preprocess: Preprocess,
    facts: FileScores,
    spec: InputSpec,
    classes: int,
    unknown: UnknownClasses | None = None,
    slices: Mapping[str, SliceBounds] | None = None,
) -> ChecksReport:
    """Every check of the file that has these scores and this input, and which classes they say nothing of.

    `classes`: how many the list has; `slices`: what evaluate has measured of parts of the test images.
    """
    filters = [name for name, width in preprocess.denoise.model_dump().items() if width]
    raw = spec.dtype == "uint8" and spec.zero_point == 0 and abs(spec.scale - 1) < 1e-3
    loss, gap = facts["average_precision_loss"], facts["probability_gap"]
    over = "" if facts["classes"] == classes else f" over {facts['classes']} of {classes} classes"
    return ChecksReport(
        [
            _at_least(
                "mean average precision", facts["mean_average_precision"], limits.min_mean_average_precision, over
            ),
            _at_least("mean ROC AUC", facts["mean_roc_auc"], limits.min_mean_roc_auc, over),
            _slices(slices or {}, limits.min_slice_average_precision),
            _at_most("average precision lost to Keras", loss, limits.max_average_precision_loss),
            _at_most("mean probability gap to Keras", gap, limits.max_probability_gap),
            _pointing(facts["pointing_loss"], limits.max_pointing_loss),
            _at_most("size in MB", facts["megabytes"], limits.max_megabytes),
            {
                "check": "raw bytes in",
                "passed": raw,
                "reason": f"input is {spec.dtype} with scale {spec.scale:g} and zero point {spec.zero_point}",
            },
            {
                "check": "preprocessing inside the graph",
                "passed": not filters,
                "reason": (
                    f"the phone does not run preprocess.denoise ({', '.join(filters)})"
                    if filters
                    else "nothing but resizing"
                ),
            },
            {
                "check": "classes that it knows",
                "passed": len(unknown or {}) < classes,
                "reason": _known(unknown or {}, classes),
            },
        ]
    )


def _at_least(name: str, value: float | None, limit: float, over: str) -> CheckResult:
    reason = f"{_told(value)}{over}, at least {limit:g} is asked for"
    return {
        "check": name,
        "passed": value is not None and bool(value >= limit),
        "reason": reason,
    }  # NaN is at least nothing


def _at_most(name: str, value: float | None, limit: float) -> CheckResult:
    allowed = f"at most {limit:g} is allowed"
    return {"check": name, "passed": value is not None and bool(value <= limit), "reason": f"{_told(value)}, {allowed}"}


def _slices(slices: Mapping[str, SliceBounds], limit: float) -> CheckResult:
    """Of the slice whose interval ends lowest; one of few scenes has a wide one, and is not failed by chance.

    Without resamples (`evaluate.bootstrap=0`) there are no intervals, and the figure itself is held against the limit.
    """
    check = "mean average precision of each slice"
    ends = {
        name: end for name, (value, _, high) in slices.items() if (end := value if high is None else high) is not None
    }
    if not ends:
        return {"check": check, "passed": False, "reason": f"could not be measured, at least {limit:g} is asked for"}
    worst = min(ends, key=ends.__getitem__)
    value, low, high = slices[worst]
    interval = "" if high is None else f" ({_told(low)} to {_told(high)})"
    found = f"{worst}: {_told(value)}{interval}"
    return {"check": check, "passed": ends[worst] >= limit, "reason": f"{found}, at least {limit:g} is asked for"}


def _pointing(loss: float | None, limit: float) -> CheckResult:
    check = "pointing lost to Keras"
    if loss is None:  # not measured is not shown: no harm comes of it
        return {"check": check, "passed": True, "reason": "no test photograph has a box, so no map is shown"}
    return _at_most(check, loss, limit)


def _told(value: float | None) -> str:
    return "could not be measured" if value is None else f"{value:.4f}"


def _known(unknown: UnknownClasses, classes: int) -> str:
    known = f"{classes - len(unknown)} of {classes}"
    if not unknown:
        return f"{known}: each has scenes in train, val and test"
    missing = "; ".join(f"{name} ({', '.join(reasons)})" for name, reasons in unknown.items())
    return f"{known}; unknown, and never shown on a phone: {missing}"
