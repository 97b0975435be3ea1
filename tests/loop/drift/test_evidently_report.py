"""The contract with Evidently: one test for each statistic, at our limits, and a page that needs no network."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from contract_examples import verdict
from evidently.core.report import Snapshot
from judged import CASE, SECTION, THRESHOLDS, photographs
from weld_classes import CLASSES

from weldspot.loop.drift import evidently_report, statistics
from weldspot.loop.drift.calibration import DriftLimits
from weldspot.loop.drift.judging import judge
from weldspot.loop.drift.sample import Sample

LIMITS = DriftLimits(np.full(len(statistics.names(CLASSES)), 0.3), 200, 0.01)


@dataclass
class Reported:
    """Evidently's report on feedback of other pictures, none of which shows a crack."""

    reference: Sample
    current: Sample
    snapshot: Snapshot

    def __post_init__(self) -> None:
        self.said = self.snapshot.dict()


@pytest.fixture(scope="module")
def reported() -> Reported:
    rng = np.random.default_rng(0)
    reference, current = photographs(rng, 200), photographs(rng, 200, shift=1.5)
    current.labels[:, CLASSES.index("Crack")] = 0
    return Reported(reference, current, evidently_report.report(reference, current, THRESHOLDS, LIMITS))


def test_evidently_fails_what_we_say_has_moved_and_passes_the_rest(reported: Reported) -> None:
    judged = judge(CASE, reported.reference, reported.current, THRESHOLDS, LIMITS, SECTION)
    moved = {one.name.removeprefix("quality: ") for one in judged.statistics or [] if one.moved}
    assert len(moved) == 6, "the statistics of the pictures"
    failed = [test for test in reported.said["tests"] if test["status"] == "FAIL"]
    assert len(failed) == len(moved)
    assert all(any(name in str(test) for name in moved) for test in failed)


def test_every_statistic_has_a_test_but_the_roc_auc_of_a_class_too_rare_for_one(reported: Reported) -> None:
    assert len(reported.said["tests"]) == len(statistics.names(CLASSES)) - 1


@pytest.mark.thorough
def test_a_statistic_of_ones_own_has_a_test_where_it_was_measured(reported: Reported) -> None:
    measured = {"a:high": 0.4, "a:low": 0.1, "a:unknown": float("nan")}
    limits = DriftLimits(np.full(len(statistics.names(CLASSES, list(measured))), 0.3), 200, 0.01)
    said = evidently_report.report(reported.reference, reported.current, THRESHOLDS, limits, measured).dict()["tests"]
    found = {
        title: [test["status"] for test in said if f"'own: {title}'" in test["name"]]
        for title in ("high", "low", "unknown")
    }
    assert found == {"high": ["FAIL"], "low": ["SUCCESS"], "unknown": []}


def test_its_distance_is_ours(reported: Reported) -> None:
    ours = statistics.ks_distance(reported.reference.quality[:, 0], reported.current.quality[:, 0])
    assert reported.said["metrics"][0]["value"] == pytest.approx(ours)


def test_the_page_needs_no_network(reported: Reported, tmp_path: Path) -> None:
    evidently_report.save(reported.snapshot, tmp_path / "report.html", verdict())
    page = (tmp_path / "report.html").read_text()
    assert "Kolmogorov" in page
    assert 'src="http' not in page


def test_the_page_opens_with_the_verdict_and_its_reasons(reported: Reported, tmp_path: Path) -> None:
    said = verdict(outcome="drift", reasons=["noise: <b>median</b> 2.2 before, 2.9 now", "Crack: rarer"], images=60)
    evidently_report.save(reported.snapshot, tmp_path / "report.html", said)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<body>") == 1, "Evidently's page has one place where its body begins"
    shown = page.partition("<body>")[2].lstrip()
    assert shown.startswith('<section id="verdict"')
    opening = shown.partition("</section>")[0]
    assert "Drift: the world has moved" in opening
    assert "60 photographs" in opening
    assert "<li>noise: &lt;b&gt;median&lt;/b&gt; 2.2 before, 2.9 now</li><li>Crack: rarer</li>" in opening
