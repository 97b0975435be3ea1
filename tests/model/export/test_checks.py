"""What the phone's file must hold."""

import hashlib
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from weldspot.config.sections.export import Checks
from weldspot.config.sections.preprocess import Denoise, Preprocess
from weldspot.model.export import checks
from weldspot.model.export.phone_model import InputSpec

LIMITS = Checks(
    min_mean_average_precision=0.7,
    min_mean_roc_auc=0.85,
    max_average_precision_loss=0.005,
    max_probability_gap=0.1,
    max_megabytes=5.0,
)
PLAIN = Preprocess(size=96, fit="stretch", denoise=Denoise(median=0, gaussian=0, bilateral=0), jpeg_quality=95)
GOOD: checks.FileScores = {
    "sha256": "ab" * 32,
    "megabytes": 4.0,
    "mean_average_precision": 0.9,
    "mean_roc_auc": 0.97,
    "average_precision_loss": 0.0,
    "probability_gap": 0.01,
}
RAW = InputSpec((1, 96, 96, 3), "uint8", 1.0, 0)


def judged(facts: checks.FileScores = GOOD, spec: InputSpec = RAW, preprocess: Preprocess = PLAIN) -> list[str]:
    return checks.judge(LIMITS, preprocess, facts, spec).failures


def test_a_good_file_passes_every_check_and_each_says_what_was_measured() -> None:
    report = checks.judge(LIMITS, PLAIN, GOOD, RAW)
    assert report.passed
    assert report.failures == []
    assert [list(result) for result in report.checks] == [["check", "passed", "reason"]] * 7
    assert report.checks[0]["reason"] == "0.9000, at least 0.7 is asked for"
    assert report.checks[4]["reason"] == "4.0000, at most 5 is allowed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mean_average_precision", 0.1),
        ("mean_average_precision", float("nan")),
        ("mean_roc_auc", 0.5),
        ("average_precision_loss", 0.3),
        ("probability_gap", 0.4),
        ("megabytes", 50.0),
    ],
)
def test_each_limit_is_judged_and_says_why(name: str, value: float) -> None:
    failed = judged(cast(checks.FileScores, {**GOOD, name: value}))
    assert len(failed) == 1
    assert f"{value:.4f}" in failed[0]


def test_what_is_just_at_its_limit_passes() -> None:
    facts = cast(checks.FileScores, {**GOOD, "mean_average_precision": 0.7, "megabytes": 5.0, "probability_gap": 0.1})
    assert judged(facts) == []


@pytest.mark.parametrize(
    "spec", [InputSpec(RAW.shape, "float32", 1.0, 0), InputSpec(RAW.shape, "uint8", 0.5, 0),
             InputSpec(RAW.shape, "uint8", 1.0, 3)],
)  # fmt: skip
def test_an_input_that_is_not_raw_bytes_is_told(spec: InputSpec) -> None:
    (failed,) = judged(spec=spec)
    assert failed.startswith(f"raw bytes in: input is {spec.dtype} with scale")


def test_filters_that_the_phone_does_not_run_are_told() -> None:
    denoise = Denoise(median=3, gaussian=0, bilateral=5)
    (failed,) = judged(preprocess=PLAIN.model_copy(update={"denoise": denoise}))
    assert "preprocess.denoise (median, bilateral)" in failed


def test_a_file_is_measured_against_keras(tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(b"m" * 1_234_567)
    truth = np.eye(7, dtype=np.uint8)[np.arange(70) % 7]
    keras = (truth * 0.8 + 0.1).astype(np.float32)
    phone = keras.copy()
    phone[0] = 0.5
    found = checks.measure(truth, keras, phone, tmp_path / "model.tflite")
    assert list(found) == list(GOOD)
    assert found["sha256"] == hashlib.sha256(b"m" * 1_234_567).hexdigest()
    assert found["megabytes"] == 1.235
    assert found["probability_gap"] == round(float(np.abs(keras - phone).mean()), 6)
    assert found["mean_average_precision"] == 1  # 0.5 still ranks between
    same = checks.measure(truth, keras, keras, tmp_path / "model.tflite")
    assert (same["average_precision_loss"], same["probability_gap"]) == (0, 0)
