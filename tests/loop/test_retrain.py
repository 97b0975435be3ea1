"""The order of the steps, what a stopped run leaves to the next, who holds the lock; the steps are made up."""

import errno
import json
import subprocess
import sys
import time

import mlflow
import pytest
from batches import batch
from exported import manifest

from weldspot.config import parameters
from weldspot.loop import retrain, summary
from weldspot.loop.canary.evidence import Evidence
from weldspot.loop.canary.standing import Standing
from weldspot.loop.feedback import inbox
from weldspot.loop.notify import Event
from weldspot.loop.publishing import course as courses
from weldspot.loop.publishing.course import Course
from weldspot.loop.publishing.publish import Served
from weldspot.registry import decisions, versions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.runtime import atomic, dvc_commands
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

EXPORTED = manifest(b"the new model")


class World:
    """What the steps find, and which of them ran. `stop` names the step that raises."""

    def __init__(self) -> None:
        self.outcome, self.production, self.better = "no-drift", True, True
        self.stop, self.error = "", WeldspotError("the disk is full")
        self.ran: list[str] = []
        self.mails: list[tuple[str, str, str]] = []
        self.admitted, self.known, self.checks = False, True, True
        self.recorded: list[tuple[str, str]] = []
        self.tried: Standing | None = None

    def step(self, name: str, value: object = None) -> object:
        if self.stop == name:
            raise self.error
        self.ran.append(name)
        return value

    def gate(self) -> str:
        self.step("gate")
        if self.outcome == "drift":
            self.outcome, self.admitted = "insufficient-data", True  # the inbox is empty afterwards
            return "drift"
        return self.outcome

    def repro(self) -> None:
        self.step("repro")
        self.admitted = False

    def register(self, stage: str) -> None:
        self.step(f"register by {stage}")
        self.known = True

    def aliases(self) -> dict[str, str]:
        return {"production": "1", "previous": "0"} if self.production else {}

    def find(self, sha256: str) -> str | None:
        return "2" if self.known and sha256 == EXPORTED.sha256 else None

    def changed(self, *_: object) -> set[str]:
        return {"data/feedback"} if self.admitted else {"src/weldspot/images"}

    def notified(self, _: object, event: Event, title: str, body: str) -> None:
        self.mails.append((event, title, body))


@pytest.fixture
def world(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> World:
    export = workspace.artifact("export") / "manifest.json"
    export.parent.mkdir(parents=True)
    export.write_bytes(EXPORTED.json_bytes())
    made = World()
    served = [Served("local", "2", "c" * 64, True)]
    monkeypatch.setattr(retrain, "collect", lambda _: made.step("collect"))
    monkeypatch.setattr(retrain, "gate", lambda _: made.gate())
    monkeypatch.setattr(retrain, "promote", lambda _: made.step("promote", made.better))
    monkeypatch.setattr(retrain, "publish_production", lambda _: made.step("publish", served))
    monkeypatch.setattr(retrain.canary, "go_on", lambda *_: made.step("canary", made.tried) if made.tried else None)
    monkeypatch.setattr(retrain.canary, "begin", lambda _, share: made.step(f"canary of {share:.0%}"))
    monkeypatch.setattr(retrain, "notify", made.notified)
    monkeypatch.setattr(dvc_commands, "repro", lambda _: made.repro())
    monkeypatch.setattr(dvc_commands, "repro_anew", lambda _, stage: made.register(stage))
    monkeypatch.setattr(dvc_commands, "changed_dependencies", made.changed)
    monkeypatch.setattr(ModelRegistry, "aliases", made.aliases)
    monkeypatch.setattr(ModelRegistry, "find", made.find)
    monkeypatch.setattr(versions, "ails", lambda *_: "")
    monkeypatch.setattr(ModelRegistry, "nominate", lambda *_: made.checks)
    monkeypatch.setattr(decisions, "record", lambda _, version, word, __: made.recorded.append((version, word)))
    monkeypatch.setattr(summary, "decision", lambda *_: ["- held-out photographs: mean AP 0.9 → 0.95"])
    monkeypatch.setattr(summary, "reasons", lambda _: ["brightness: median 118 was, 40 is"])
    return made


ALL = ["collect", "gate", "repro", "promote", "publish"]


def test_no_drift_makes_nothing_and_sees_that_production_is_served(workspace: Workspace, world: World) -> None:
    assert retrain.retrain(workspace).promoted is None
    assert world.ran == ["collect", "gate", "publish"]
    assert world.mails == []
    assert "nothing to do (no-drift)" in workspace.summary.read_text()


def test_a_registry_that_never_saw_the_restored_model_gets_it(workspace: Workspace, world: World) -> None:
    world.production = world.known = False
    assert retrain.retrain(workspace).promoted
    assert world.ran == ["collect", "repro", "register by export", "promote", "publish"]


def test_drift_goes_all_the_way_and_tells(workspace: Workspace, world: World) -> None:
    world.outcome = "drift"
    assert retrain.retrain(workspace).promoted
    assert world.ran == ALL
    assert [mail[0] for mail in world.mails] == ["drift", "promoted"]
    assert "brightness" in world.mails[0][2]
    assert "0.95" in world.mails[1][2]
    assert "local: version 2" in workspace.summary.read_text()


def test_a_refused_model_is_not_published(workspace: Workspace, world: World) -> None:
    world.outcome, world.better = "drift", False
    assert retrain.retrain(workspace).promoted is False
    assert world.ran == ALL[:-1]
    assert [mail[0] for mail in world.mails] == ["drift", "refused"]
    world.ran.clear()
    assert retrain.retrain(workspace).promoted is None, "decided is decided"
    assert world.ran == ["collect", "gate", "publish"]


def test_a_model_that_failed_its_checks_is_refused_though_staging_is_another(
    workspace: Workspace, world: World
) -> None:
    world.outcome, world.checks = "drift", False
    assert retrain.retrain(workspace).promoted is False
    assert world.ran == ["collect", "gate", "repro"]
    assert world.recorded == [("2", "refused")]
    assert [mail[0] for mail in world.mails] == ["drift", "refused"]
    assert "Decision: version 2 is refused" in workspace.summary.read_text()


def test_what_mlflow_refuses_is_told_as_any_other_problem(workspace: Workspace, world: World) -> None:
    world.outcome, world.stop, world.error = "drift", "promote", mlflow.MlflowException("the database is locked")
    with pytest.raises(WeldspotError, match=r"refused .*database is locked"):
        retrain.retrain(workspace)
    assert world.mails[-1][0] == "failed"


def test_without_production_the_first_model_is_made(workspace: Workspace, world: World) -> None:
    world.production = False
    assert retrain.retrain(workspace).promoted
    assert world.ran == ["collect", "repro", "promote", "publish"]


@pytest.mark.parametrize("stop", ALL[1:])
@pytest.mark.parametrize("error", [WeldspotError("the disk is full"), KeyboardInterrupt()])
def test_stopped_anywhere_the_next_run_ends_the_job(
    workspace: Workspace, world: World, stop: str, error: BaseException
) -> None:
    world.outcome, world.stop, world.error = "drift", stop, error  # type: ignore[assignment]
    with pytest.raises((WeldspotError, KeyboardInterrupt)):
        retrain.retrain(workspace)
    world.stop = ""
    world.ran.clear()
    assert retrain.retrain(workspace).promoted
    assert world.ran[-3:] == ["repro", "promote", "publish"]
    assert not workspace.retraining.exists()


def test_stopped_between_the_verdict_and_the_note_of_it(
    workspace: Workspace, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.outcome = "drift"
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "write_bytes", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        patch.setattr(summary, "write", lambda *_: workspace.summary)
        with pytest.raises(KeyboardInterrupt):
            retrain.retrain(workspace)
    world.ran.clear()
    assert retrain.retrain(workspace).why.startswith("what was admitted has changed: by a run that was stopped")
    assert world.ran == ALL


def test_what_could_not_be_fetched_does_not_stop_the_rest_and_is_said(workspace: Workspace, world: World) -> None:
    world.outcome, world.stop = "drift", "collect"
    with pytest.raises(WeldspotError, match="disk is full"):
        retrain.retrain(workspace)
    assert world.ran == ALL[1:]
    assert world.mails[-1][0] == "failed"
    assert "## Problems" in workspace.summary.read_text()


FAULTS = [
    OSError(errno.ENOSPC, "No space left on device", "data/inbox/x.parquet"),
    PermissionError(errno.EACCES, "Permission denied", "reports"),
    ZeroDivisionError("division by zero"),
    KeyError("why"),
]


@pytest.mark.parametrize("stop", ALL)
@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_whatever_fails_is_one_line_in_the_summary_and_in_a_notification(
    workspace: Workspace, world: World, stop: str, error: Exception
) -> None:
    world.outcome, world.stop, world.error = "drift", stop, error
    with pytest.raises(WeldspotError, match=r"^retrain: [^\n]+$") as raised:
        retrain.retrain(workspace)
    event, title, body = world.mails[-1]
    assert event == "failed"
    assert title
    assert str(raised.value) == f"retrain: {body}"
    text = workspace.summary.read_text()
    assert text.startswith("# Retraining: stopped by a problem\n")
    assert f"## Problems\n\n- {body}\n" in text
    world.stop = ""
    world.ran.clear()
    assert retrain.retrain(workspace).promoted or stop == "collect", "the next run ends the job"


def test_a_summary_that_can_not_be_written_is_told_too(
    workspace: Workspace, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(workspace.summary))

    monkeypatch.setattr(summary, "write", full)
    with pytest.raises(WeldspotError, match=r"the summary can't be written: .*summary\.md: No space left .*free some"):
        retrain.retrain(workspace)
    assert world.mails[-1][0] == "failed"


def test_without_its_lock_somebody_is_told(workspace: Workspace, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.lock("retrain").mkdir(parents=True)
    with pytest.raises(WeldspotError, match=r"retrain\.lock: Is a directory"):
        retrain.retrain(workspace)
    assert [mail[0] for mail in world.mails] == ["failed"]


def test_an_interrupt_is_not_nothing_to_do(workspace: Workspace, world: World) -> None:
    world.stop, world.error = "gate", KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        retrain.retrain(workspace)
    text = workspace.summary.read_text()
    assert "nothing to do" not in text
    assert "it was interrupted; the next call goes on from there" in text


@pytest.mark.parametrize("note", [b"", b'{"wh', b"[]", b"null", b"\xff"])
def test_a_note_that_can_not_be_read_is_a_retraining_that_was_begun(
    workspace: Workspace, world: World, note: bytes
) -> None:
    atomic.write_bytes(workspace.retraining, note)
    assert "retraining.json: damaged" in retrain.retrain(workspace).why
    assert world.ran == ALL
    assert not workspace.retraining.exists()


def test_secrets_stay_out_of_the_summary(workspace: Workspace, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOFLOW_API_KEY", "very-secret-key-1")
    world.stop, world.error = "gate", WeldspotError("no answer from https://x/?api_key=very-secret-key-1")
    with pytest.raises(WeldspotError):
        retrain.retrain(workspace)
    assert "very-secret-key-1" not in workspace.summary.read_text()


def test_two_at_once_one_works_and_the_other_names_it(workspace: Workspace, world: World) -> None:
    code = "import sys, time\nfrom pathlib import Path\nfrom weldspot.runtime.locks import exclusive\n"
    code += "with exclusive(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, workspace.lock("retrain")], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(WeldspotError, match=rf"already running here: pid {holder.pid} on .* since"):
            retrain.retrain(workspace)
        assert world.ran == []
    finally:
        holder.kill()
        holder.communicate()
    time.sleep(0.1)
    assert retrain.retrain(workspace).outcome == "no-drift", "the kernel let go of the lock"
    assert parameters.load(workspace.params).tracking.model == "weldspot"


def test_a_graph_that_is_stale_for_another_reason_is_nobodys_drift(workspace: Workspace, world: World) -> None:
    assert retrain.retrain(workspace).why == ""
    assert not workspace.retraining.exists()


def test_the_note_of_a_run_that_was_stopped_says_why(workspace: Workspace, world: World) -> None:
    atomic.write_bytes(workspace.retraining, json.dumps({"why": "drift"}).encode())
    assert retrain.retrain(workspace).why == "drift"
    assert world.ran == ALL


def test_drift_of_which_all_waits_for_a_reviewer_tells_how_many_and_trains_nothing(
    workspace: Workspace, world: World
) -> None:
    path = batch(workspace, 1, 2, 3, via="network")
    inbox.record(workspace, [path], inbox.Judged(outcome="drift", model="ab" * 32, at="2026-05-01T12:00:00+00:00"))

    def gate(_: Workspace) -> str:
        world.step("gate")
        return "drift"  # and nothing is admitted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retrain, "gate", gate)
        assert retrain.retrain(workspace).promoted is None
    assert world.ran == ["collect", "gate", "publish"]
    ((event, title, _),) = world.mails
    assert (event, title) == ("drift", "the world has moved; 3 corrections wait for a reviewer: `weldspot review`")
    assert "3 corrections wait for a reviewer" in workspace.summary.read_text()


def test_a_new_model_goes_to_a_share_of_the_phones_first_where_that_is_asked_for(
    workspace: Workspace, world: World
) -> None:
    workspace.params.write_text(workspace.params.read_text().replace("share: 1.0", "share: 0.1"))
    world.outcome = "drift"
    assert retrain.retrain(workspace).promoted
    assert world.ran == [*ALL[:-1], "canary of 10%"]


def test_while_one_is_tried_the_gate_judges_and_nothing_is_made(workspace: Workspace, world: World) -> None:
    course = Course(version="2", sha256="b" * 64, before="a" * 64, steps=[courses.step(0.1, "begun")])
    world.tried, world.outcome = Standing(course, Evidence()), "drift"
    story = retrain.retrain(workspace)
    assert (story.promoted, story.outcome) == (None, "drift")
    assert world.ran == ["collect", "canary", "gate"]
    assert "## On trial\n\nversion 2 on 10% of the phones" in workspace.summary.read_text()
    world.tried = None
    assert retrain.retrain(workspace).promoted, "what was admitted meanwhile is a reason"
