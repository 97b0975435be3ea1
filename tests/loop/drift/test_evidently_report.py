"""The contract with Evidently: one test for each statistic, at our limits, and a page that needs no network."""

from pathlib import Path

import numpy as np
import pytest
from judged import CASE, SECTION, THRESHOLDS, photographs

from weldspot.labels import CLASSES
from weldspot.loop.drift import evidently_report, statistics
from weldspot.loop.drift.calibration import DriftLimits
from weldspot.loop.drift.judging import judge

LIMITS = DriftLimits(np.full(len(statistics.NAMES), 0.3), 200)


def test_evidently_fails_what_we_say_has_moved_and_passes_the_rest(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    reference, current = photographs(rng, 200), photographs(rng, 200, shift=1.5)
    verdict = judge(CASE, reference, current, THRESHOLDS, LIMITS, SECTION)
    moved = {one.name.removeprefix("quality: ") for one in verdict.statistics or [] if one.moved}
    assert len(moved) == 6, "the statistics of the pictures"
    snapshot = evidently_report.report(reference, current, THRESHOLDS, LIMITS)
    tests = snapshot.dict()["tests"]
    assert len(tests) == len(statistics.NAMES)
    failed = [test for test in tests if test["status"] == "FAIL"]
    assert len(failed) == len(moved)
    assert all(any(name in str(test) for name in moved) for test in failed)
    evidently_report.save(snapshot, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "ks_distance" in page or "Kolmogorov" in page
    assert 'src="http' not in page


def test_a_class_too_rare_for_a_roc_auc_has_no_test_of_one() -> None:
    rng = np.random.default_rng(1)
    reference, current = photographs(rng, 200), photographs(rng, 200)
    current.labels[:, CLASSES.index("Crack")] = 0
    snapshot = evidently_report.report(reference, current, THRESHOLDS, LIMITS)
    assert len(snapshot.dict()["tests"]) == len(statistics.NAMES) - 1


def test_its_distance_is_ours() -> None:
    rng = np.random.default_rng(2)
    reference, current = photographs(rng, 100), photographs(rng, 100, shift=1.0)
    ours = statistics.ks_distance(reference.quality[:, 0], current.quality[:, 0])
    first = evidently_report.report(reference, current, THRESHOLDS, LIMITS).dict()["metrics"][0]
    assert first["value"] == pytest.approx(ours)
