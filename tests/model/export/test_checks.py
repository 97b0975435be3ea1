"""What the phone's file must hold."""

import hashlib
import json
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from weld_classes import CLASSES

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
    "classes": 7,
    "mean_average_precision": 0.9,
    "mean_roc_auc": 0.97,
    "average_precision_loss": 0.0,
    "probability_gap": 0.01,
    "pointing": 0.9,
    "pointing_loss": 0.0,
}
SLICES: dict[str, checks.SliceBounds] = {"brightness=low": (0.8, 0.7, 0.9), "source=crop": (None, None, None)}
RAW = InputSpec((1, 96, 96, 3), "uint8", 1.0, 0)


def judged(facts: checks.FileScores = GOOD, spec: InputSpec = RAW, preprocess: Preprocess = PLAIN) -> list[str]:
    return checks.judge(LIMITS, preprocess, facts, spec, 7, slices=SLICES).failures


def test_a_good_file_passes_every_check_and_each_says_what_was_measured() -> None:
    report = checks.judge(LIMITS, PLAIN, GOOD, RAW, 7, slices=SLICES)
    assert report.passed
    assert report.failures == []
    assert [list(result) for result in report.checks] == [["check", "passed", "reason"]] * 10
    assert report.checks[0]["reason"] == "0.9000, at least 0.7 is asked for"
    assert report.checks[6]["reason"] == "4.0000, at most 5 is allowed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mean_average_precision", 0.1),
        ("mean_average_precision", float("nan")),
        ("mean_roc_auc", 0.5),
        ("average_precision_loss", 0.3),
        ("probability_gap", 0.4),
        ("pointing_loss", 0.03),
        ("megabytes", 50.0),
    ],
)
def test_each_limit_is_judged_and_says_why(name: str, value: float) -> None:
    failed = judged(cast(checks.FileScores, {**GOOD, name: value}))
    assert len(failed) == 1
    assert f"{value:.4f}" in failed[0]


@pytest.mark.parametrize(
    "name", ["mean_average_precision", "mean_roc_auc", "average_precision_loss", "probability_gap"]
)
def test_what_could_not_be_measured_passes_no_check(name: str) -> None:
    (failed,) = judged(cast(checks.FileScores, {**GOOD, name: None}))
    assert "could not be measured" in failed
    assert judged(cast(checks.FileScores, {**GOOD, name: float("nan")})) != []


def test_a_mean_over_some_of_the_classes_says_so_and_those_that_it_does_not_know_are_named() -> None:
    some = cast(checks.FileScores, {**GOOD, "classes": 3})
    unknown = {name: ["none in val"] for name in CLASSES[:4]}
    report = checks.judge(LIMITS, PLAIN, some, RAW, 7, unknown, SLICES)
    assert report.checks[0]["reason"] == "0.9000 over 3 of 7 classes, at least 0.7 is asked for"
    last = report.checks[-1]
    assert (last["check"], last["passed"]) == ("classes that it knows", True)
    assert last["reason"].startswith(
        "3 of 7; unknown, and never shown on a phone: Background (none in val); Bad Welding ("
    )
    nothing = checks.judge(LIMITS, PLAIN, some, RAW, 7, {name: ["none in train"] for name in CLASSES}, SLICES)
    assert not nothing.passed


def test_what_is_just_at_its_limit_passes() -> None:
    facts = cast(checks.FileScores, {**GOOD, "mean_average_precision": 0.7, "megabytes": 5.0, "probability_gap": 0.1})
    assert judged(facts) == []


def test_maps_that_nobody_could_measure_pass_and_it_is_said() -> None:
    report = checks.judge(
        LIMITS, PLAIN, cast(checks.FileScores, {**GOOD, "pointing_loss": None}), RAW, 7, slices=SLICES
    )
    assert report.passed
    assert report.checks[5]["reason"] == "no test photograph has a box, so no map is shown"


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
    found = checks.measure(truth, keras, phone, tmp_path / "model.tflite", (0.9, 0.8))
    assert list(found) == list(GOOD)
    assert found["sha256"] == hashlib.sha256(b"m" * 1_234_567).hexdigest()
    assert found["megabytes"] == 1.235
    assert found["probability_gap"] == round(float(np.abs(keras - phone).mean()), 6)
    assert (found["pointing"], found["pointing_loss"]) == (0.8, 0.1)
    assert found["mean_average_precision"] == 1  # 0.5 still ranks between
    same = checks.measure(truth, keras, keras, tmp_path / "model.tflite", (0.9, 0.8))
    assert (same["average_precision_loss"], same["probability_gap"]) == (0, 0)


@pytest.mark.parametrize("broken", ["keras", "phone", "no photographs", "one class"])
def test_nothing_measured_is_nothing_and_no_number(tmp_path: Path, broken: str) -> None:
    (tmp_path / "model.tflite").write_bytes(b"m")
    truth = np.eye(7, dtype=np.uint8)[np.arange(70) % 7]
    answers = {name: (truth * 0.8 + 0.1).astype(np.float32) for name in ("keras", "phone")}
    if broken in answers:
        answers[broken][0, 0] = np.nan
    elif broken == "no photographs":
        truth, answers = truth[:0], {name: values[:0] for name, values in answers.items()}
    else:
        truth = np.eye(7, dtype=np.uint8)[np.full(70, 2)]
    found = checks.measure(truth, answers["keras"], answers["phone"], tmp_path / "model.tflite", (0.9, 0.8))
    assert [found["mean_average_precision"], found["mean_roc_auc"], found["average_precision_loss"]] == [None] * 3
    assert len(judged(found)) >= 3
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize(
    ("slices", "reason"),
    [
        ({"brightness=low": (0.3, 0.2, 0.39)}, "brightness=low: 0.3000 (0.2000 to 0.3900), at least 0.4 is asked for"),
        ({"a=b": (0.3, None, None), "c=d": (0.5, None, None)}, "a=b: 0.3000, at least 0.4 is asked for"),
        ({"a=b": (0.3, 0.1, 0.4)}, ""),  # of few scenes: it may well be better
        ({**SLICES, "x=y": (0.2, 0.1, 0.3)}, "x=y: 0.2000 (0.1000 to 0.3000), at least 0.4 is asked for"),
        ({"source=crop": (None, None, None)}, "could not be measured, at least 0.4 is asked for"),
        ({}, "could not be measured, at least 0.4 is asked for"),
    ],
)
def test_a_part_of_the_photographs_on_which_it_is_bad_beyond_doubt(
    slices: dict[str, checks.SliceBounds], reason: str
) -> None:
    failures = checks.judge(LIMITS, PLAIN, GOOD, RAW, 7, slices=slices).failures
    assert failures == ([f"mean average precision of each slice: {reason}"] if reason else [])
