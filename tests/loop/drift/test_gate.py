"""The gate from end to end on a made-up version: what it writes, remembers, admits and says."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from batches import NOON, batch
from counted import report
from exported import manifest
from judged import photographs
from pictures import pictures
from reviews import decided
from scipy.stats import rankdata
from uploads import upload
from weld_classes import CLASSES

from weldspot.contracts.verdict import Outcome, Verdict
from weldspot.loop.drift import evidently_report, reading, statistics
from weldspot.loop.drift import gate as module
from weldspot.loop.drift.gate import gate
from weldspot.loop.drift.lifetime import verdict_log
from weldspot.loop.feedback import inbox
from weldspot.loop.review.log import Log
from weldspot.loop.telemetry import reports
from weldspot.registry import versions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import monitoring
from weldspot.workspace import Workspace

SHIFTED = {"drift": 2.0, "no-drift": 0.0}


class World:
    """`shift`: how far the feedback's pictures lie from the reference's."""

    def __init__(self) -> None:
        self.shift = 0.0
        self.recorded: list[Verdict] = []

    def reference(self, _: ModelVersion) -> tuple[reading.Sample, None]:
        return photographs(np.random.default_rng(1), 200), None

    def feedback(self, batches: list[Path], *_: object) -> reading.Feedback:
        n = sum(inbox.sizes(batches))
        return reading.Feedback(photographs(np.random.default_rng(2), n, self.shift), pictures(n))

    def record(self, _: Workspace, __: object, verdict: Verdict, report: Path) -> None:
        assert {path.name for path in report.iterdir()} == {"verdict.json", "report.html", "surprises.png"}
        self.recorded.append(verdict)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()

    def fetch(_: ModelRegistry, alias: str, folder: Path) -> ModelVersion:
        assert alias == "production"
        return ModelVersion("7", "ab" * 32, folder, manifest(), folder, folder)

    monkeypatch.setattr(versions, "fetch", fetch)
    monkeypatch.setattr(inbox, "track", lambda _: None)
    monkeypatch.setattr(reading, "reference", made.reference)
    monkeypatch.setattr(reading, "feedback", made.feedback)
    monkeypatch.setattr(monitoring, "record_verdict", made.record)
    monkeypatch.setattr(statistics, "classifier_auc", apart)
    monkeypatch.setattr(evidently_report, "report", lambda *_: "a page")  # it has tests of its own, and takes seconds
    monkeypatch.setattr(evidently_report, "save", lambda page, path, _: path.write_text(page))
    return made


def apart(reference: np.ndarray, current: np.ndarray) -> float:
    """In place of Evidently's classifier, which has tests of its own and is fitted hundreds of times a verdict."""
    first, second = reference[::2].mean(0), current[::2].mean(0)
    ranks = rankdata(np.concatenate([reference[1::2], current[1::2]]) @ (second - first))
    one, other = len(reference[1::2]), len(current[1::2])
    return float((ranks[one:].sum() - other * (other + 1) / 2) / (one * other))


def few_resamples(workspace: Workspace) -> None:
    workspace.params.write_text(workspace.params.read_text().replace("resamples: 1000", "resamples: 100"))


@pytest.mark.parametrize("outcome", ["drift", "no-drift"])
def test_a_verdict_is_written_recorded_and_remembered(
    workspace: Workspace, world: World, capsys: pytest.CaptureFixture[str], outcome: Outcome
) -> None:
    few_resamples(workspace)
    world.shift = SHIFTED[outcome]
    waiting = batch(workspace, *range(60))
    assert gate(workspace) == outcome
    (verdict,) = world.recorded
    assert Verdict.read(workspace.verdict) == verdict
    assert workspace.verdict.read_bytes() == verdict.json_bytes()
    assert (verdict.outcome, verdict.batches, verdict.images) == (outcome, [waiting.name], 60)
    assert (verdict.model.version, verdict.judged, verdict.reference) == ("7", 60, 200)
    said = capsys.readouterr().out
    assert "gate: 60 photographs against 200 of version 7's held-out ones\n" in said
    assert f"report in {workspace.report('gate')}/report.html" in said
    assert waiting.exists() == (outcome == "no-drift")
    assert (workspace.feedback / waiting.name).exists() == (outcome == "drift")
    if outcome == "no-drift":
        assert gate(workspace) == "no-drift"
        assert "nothing new since the last verdict, which stands: no-drift" in capsys.readouterr().out
        assert len(world.recorded) == 1


def test_too_few_wait_and_are_judged_with_the_next(workspace: Workspace, world: World) -> None:
    batch(workspace, 1, 2)
    assert gate(workspace) == "insufficient-data"
    assert Verdict.read(workspace.verdict).images == 2
    assert [path.name for path in workspace.verdict.parent.iterdir()] == ["verdict.json"]
    assert inbox.judged(workspace) == {}
    assert world.recorded == []


def test_an_admission_that_was_killed_is_ended_before_anything_is_judged(workspace: Workspace, world: World) -> None:
    drifted = batch(workspace, *range(60))
    inbox.record(workspace, [drifted], inbox.Judged(outcome="drift", model="", at=""))
    assert gate(workspace) == "drift"
    assert inbox.waiting(workspace) == []
    assert world.recorded == []


def test_without_production_it_is_one_line(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ModelRegistry, "aliases", lambda _: {})
    with pytest.raises(WeldspotError, match=r"production: no such version .*weldspot promote"):
        gate(workspace)


def test_thresholds_are_in_the_order_of_the_classes(tmp_path: Path) -> None:
    given = {"Splatters": 0.7, **{name: 0.1 * k for k, name in enumerate(CLASSES[:6])}}
    found = ModelVersion("7", "ab" * 32, tmp_path, manifest(thresholds=given), tmp_path, tmp_path)
    assert module.class_thresholds(found).tolist() == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7])


def test_drift_judges_all_and_admits_what_the_policy_allows(
    workspace: Workspace, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    few_resamples(workspace)
    world.shift = SHIFTED["drift"]
    waiting = batch(workspace, *range(60), via="network")
    assert gate(workspace) == "drift"
    said = capsys.readouterr().out
    assert "gate: 60 corrections wait for a reviewer; next: `weldspot review`, then `weldspot gate`\n" in said
    assert "loop.admit = auto: what only this machine could send is admitted as it is" in said
    assert waiting.exists()
    assert not list(workspace.feedback.glob("*.parquet"))
    assert gate(workspace) == "drift", "it stands, and nothing was admitted"
    decided(Log(workspace), upload(7)[0])
    assert gate(workspace) == "drift"
    said = capsys.readouterr().out
    assert "1 batch(es) with 1 photographs admitted" in said
    assert "59 corrections wait for a reviewer" in said
    assert len(world.recorded) == 1


def test_too_few_count_and_it_is_said_why(workspace: Workspace, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        reading,
        "feedback",
        lambda *_: reading.Feedback(
            world.feedback(batches).sample.take(np.arange(10)), pictures(10), (), ("50 do not count",)
        ),
    )
    batches = [batch(workspace, *range(60), via="network")]
    assert gate(workspace) == "insufficient-data"
    assert Verdict.read(workspace.verdict).reasons == [
        "60 photographs wait to be judged and 10 of them count, 50 are asked for (loop.gate.min_images)",
        "50 do not count",
    ]
    assert inbox.judged(workspace) == {}


def test_every_verdict_is_written_down_with_its_chance_of_a_false_alarm(
    workspace: Workspace, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    few_resamples(workspace)
    for week in range(2):
        batch(workspace, *range(60 * week, 60 * week + 60), when=NOON + timedelta(days=7 * week))
        assert gate(workspace) == "no-drift"
        assert "once in 10 years at most (loop.gate.false_alarm_years)" in capsys.readouterr().out
    first, second = verdict_log.read(workspace)
    assert (first.outcome, first.model, len(first.batches)) == ("no-drift", "ab" * 32, 1)
    assert 0 < second.rate < first.rate < 1 / 10 / 52
    assert [one.false_alarm_rate for one in world.recorded] == [first.rate, second.rate]


@pytest.mark.thorough
def test_a_run_that_was_killed_pays_once(workspace: Workspace, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    few_resamples(workspace)
    batch(workspace, *range(60))
    with monkeypatch.context() as patched:
        patched.setattr(monitoring, "record_verdict", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            gate(workspace)
    assert gate(workspace) == "no-drift"
    (line,) = verdict_log.read(workspace)
    assert world.recorded[0].false_alarm_rate == line.rate


@pytest.mark.thorough
def test_what_is_slight_in_each_week_is_found_in_the_weeks_together(workspace: Workspace, world: World) -> None:
    few_resamples(workspace)
    world.shift = 0.65
    outcomes = []
    for week in range(4):
        batch(workspace, *range(60 * week, 60 * week + 60), when=NOON + timedelta(days=7 * week))
        outcomes.append(gate(workspace))
        if outcomes[-1] == "drift":
            break
    assert outcomes[0] == "no-drift"
    assert outcomes[-1] == "drift"
    verdict = world.recorded[-1]
    weeks = len(outcomes)
    assert verdict.reasons[0].startswith(f"seen in the {60 * weeks} photographs of the last {weeks} verdicts together")
    assert (verdict.images, len(verdict.batches)) == (60 * weeks, weeks)
    assert inbox.waiting(workspace) == [], "all of them are admitted"
    assert verdict_log.read(workspace)[-1].outcome == "drift"


def test_what_phones_count_is_told_beside_and_decides_nothing(
    workspace: Workspace, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    few_resamples(workspace)
    reports.append(workspace, [report(1, model="ab" * 32, corrections=20), report(2, model="cd" * 32)])
    batch(workspace, *range(60))
    assert gate(workspace) == "no-drift"
    phones = Verdict.read(workspace.verdict).phones
    assert phones is not None
    assert (phones.reports, phones.looks, phones.corrected) == (1, 20, 1.0)
    assert "gate: phones that report have looked 20 times with this model on 1 days" in capsys.readouterr().out
