"""What the phone's file must hold before it may be called staging."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np

from weldspot.config.sections.export import Checks
from weldspot.config.sections.preprocess import Preprocess
from weldspot.model.evaluation import metrics
from weldspot.model.evaluation.metrics import Scores, Truth
from weldspot.model.export.phone_model import InputSpec, sha256


class FileScores(TypedDict):
    """What was measured of a file on the test images in the TFLite runtime, Keras' own answers beside it."""

    sha256: str
    megabytes: float
    mean_average_precision: float
    mean_roc_auc: float
    average_precision_loss: float
    probability_gap: float


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


def measure(truth: Truth, keras: Scores, phone: Scores, path: Path) -> FileScores:
    """Scores of the file at `path`, whose probabilities are `phone`, against those of Keras."""
    ap = metrics.mean(metrics.average_precision(truth, phone))
    return {
        "sha256": sha256(path),
        "megabytes": round(path.stat().st_size / 1e6, 3),
        "mean_average_precision": round(ap, 6),
        "mean_roc_auc": round(metrics.mean(metrics.roc_auc(truth, phone)), 6),
        "average_precision_loss": round(metrics.mean(metrics.average_precision(truth, keras)) - ap, 6),
        "probability_gap": round(float(np.abs(keras - phone).mean()), 6),
    }


def judge(limits: Checks, preprocess: Preprocess, facts: FileScores, spec: InputSpec) -> ChecksReport:
    """Every check of the file that has these scores and this input."""
    filters = [name for name, width in preprocess.denoise.model_dump().items() if width]
    raw = spec.dtype == "uint8" and spec.zero_point == 0 and abs(spec.scale - 1) < 1e-3
    loss, gap = facts["average_precision_loss"], facts["probability_gap"]
    return ChecksReport(
        [
            _at_least("mean average precision", facts["mean_average_precision"], limits.min_mean_average_precision),
            _at_least("mean ROC AUC", facts["mean_roc_auc"], limits.min_mean_roc_auc),
            _at_most("average precision lost to Keras", loss, limits.max_average_precision_loss),
            _at_most("mean probability gap to Keras", gap, limits.max_probability_gap),
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
        ]
    )


def _at_least(name: str, value: float, limit: float) -> CheckResult:
    return {"check": name, "passed": bool(value >= limit), "reason": f"{value:.4f}, at least {limit:g} is asked for"}


def _at_most(name: str, value: float, limit: float) -> CheckResult:
    return {"check": name, "passed": bool(value <= limit), "reason": f"{value:.4f}, at most {limit:g} is allowed"}
