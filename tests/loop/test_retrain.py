"""The order of the steps, what a stopped run leaves to the next, who holds the lock; the steps are made up."""

import subprocess
import sys
import time
from pathlib import Path

import mlflow
import pytest

from weldspot.config import parameters
from weldspot.loop import retrain, summary
from weldspot.loop.publishing.publish import Served
from weldspot.registry import registration, versions
from weldspot.runtime import dvc_commands
from weldspot.runtime.errors import WeldspotError

ROOT = Path(__file__).resolve().parents[2]


class World:
    """What the steps find, and which of them ran. `stop` names the step that raises."""

    def __init__(self) -> None:
        self.outcome, self.production, self.better = "no-drift", True, True
        self.stop, self.error = "", WeldspotError("the disk is full")
        self.ran: list[str] = []
        self.mails: list[tuple[str, str, str]] = []
        self.admitted, self.known, self.checks = False, True, True
        self.recorded: list[tuple[str, str]] = []

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

    def register(self) -> None:
        self.step("register")
        self.known = True

    def aliases(self, _: object) -> dict[str, str]:
        return {"production": "1"} if self.production else {}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    retrain.EXPORT.mkdir(parents=True)
    (retrain.EXPORT / "manifest.json").write_text('{"sha256": "2222"}')
    made = World()
    monkeypatch.setattr(versions, "aliases", made.aliases)
    monkeypatch.setattr(retrain, "collect", lambda: made.step("collect"))
    monkeypatch.setattr(retrain, "gate", made.gate)
    monkeypatch.setattr(dvc_commands, "repro", made.repro)
    monkeypatch.setattr(dvc_commands, "register", made.register)
    monkeypatch.setattr(registration, "find", lambda _, sha256: "2" if made.known and sha256 == "2222" else None)
    monkeypatch.setattr(registration, "nominate", lambda *_: made.checks)
    monkeypatch.setattr(retrain, "record", lambda _, version, decision, __: made.recorded.append((version, decision)))
    monkeypatch.setattr(dvc_commands, "feedback_is_new", lambda: made.admitted)
    monkeypatch.setattr(retrain, "promote", lambda: made.step("promote", made.better))
    served = [Served("local", "2", "c" * 64, True)]
    monkeypatch.setattr(retrain, "publish_production", lambda: made.step("publish", served))
    monkeypatch.setattr(retrain, "notify", lambda *mail: made.mails.append(mail))
    monkeypatch.setattr(summary, "decision", lambda _: ["- held-out photographs: mean AP 0.9 → 0.95"])
    monkeypatch.setattr(summary, "reasons", lambda: ["brightness: median 118 was, 40 is"])
    return made


ALL = ["collect", "gate", "repro", "promote", "publish"]


def test_no_drift_makes_nothing_and_sees_that_production_is_served(world: World) -> None:
    assert retrain.retrain().promoted is None
    assert world.ran == ["collect", "gate", "publish"]
    assert world.mails == []
    assert "nothing to do (no-drift)" in summary.SUMMARY.read_text()


def test_a_registry_that_never_saw_the_restored_model_gets_it(world: World) -> None:
    world.production = world.known = False
    assert retrain.retrain().promoted
    assert world.ran == ["collect", "repro", "register", "promote", "publish"]


def test_drift_goes_all_the_way_and_tells(world: World) -> None:
    world.outcome = "drift"
    assert retrain.retrain().promoted
    assert world.ran == ALL
    assert [mail[0] for mail in world.mails] == ["drift", "promoted"]
    assert "brightness" in world.mails[0][2]
    assert "0.95" in world.mails[1][2]
    assert "local: version 2" in summary.SUMMARY.read_text()


def test_a_refused_model_is_not_published(world: World) -> None:
    world.outcome, world.better = "drift", False
    assert retrain.retrain().promoted is False
    assert world.ran == ALL[:-1]
    assert [mail[0] for mail in world.mails] == ["drift", "refused"]
    world.ran.clear()
    assert retrain.retrain().promoted is None, "decided is decided"
    assert world.ran == ["collect", "gate", "publish"]


def test_a_model_that_failed_its_checks_is_refused_though_staging_is_another(world: World) -> None:
    world.outcome, world.checks = "drift", False
    assert retrain.retrain().promoted is False
    assert world.ran == ["collect", "gate", "repro"]
    assert world.recorded == [("2", "refused")]
    assert [mail[0] for mail in world.mails] == ["drift", "refused"]
    assert "Decision: version 2 is refused" in summary.SUMMARY.read_text()


def test_what_mlflow_refuses_is_told_as_any_other_problem(world: World) -> None:
    world.outcome, world.stop, world.error = "drift", "promote", mlflow.MlflowException("the database is locked")
    with pytest.raises(WeldspotError, match=r"refused .*database is locked"):
        retrain.retrain()
    assert world.mails[-1][0] == "failed"


def test_without_production_the_first_model_is_made(world: World) -> None:
    world.production = False
    assert retrain.retrain().promoted
    assert world.ran == ["collect", "repro", "promote", "publish"]


@pytest.mark.parametrize("stop", ALL[1:])
@pytest.mark.parametrize("error", [WeldspotError("the disk is full"), KeyboardInterrupt()])
def test_stopped_anywhere_the_next_run_ends_the_job(world: World, stop: str, error: BaseException) -> None:
    world.outcome, world.stop, world.error = "drift", stop, error  # type: ignore[assignment]
    with pytest.raises((WeldspotError, KeyboardInterrupt)):
        retrain.retrain()
    world.stop = ""
    world.ran.clear()
    assert retrain.retrain().promoted
    assert world.ran[-3:] == ["repro", "promote", "publish"]
    assert not retrain.BEGUN.exists()


def test_stopped_between_the_verdict_and_the_note_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.outcome = "drift"
    with monkeypatch.context() as patch:
        patch.setattr(retrain.durable, "write_file", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        patch.setattr(summary, "write", lambda _: summary.SUMMARY)
        with pytest.raises(KeyboardInterrupt):
            retrain.retrain()
    world.ran.clear()
    assert retrain.retrain().why.startswith("drift, found by a run that was stopped")
    assert world.ran == ALL


def test_what_could_not_be_fetched_does_not_stop_the_rest_and_is_said(world: World) -> None:
    world.outcome, world.stop = "drift", "collect"
    with pytest.raises(WeldspotError, match="disk is full"):
        retrain.retrain()
    assert world.ran == ALL[1:]
    assert world.mails[-1][0] == "failed"
    assert "## Problems" in summary.SUMMARY.read_text()


def test_secrets_stay_out_of_the_summary(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOFLOW_API_KEY", "very-secret-key-1")
    world.stop, world.error = "gate", WeldspotError("no answer from https://x/?api_key=very-secret-key-1")
    with pytest.raises(WeldspotError):
        retrain.retrain()
    assert "very-secret-key-1" not in summary.SUMMARY.read_text()


def test_two_at_once_one_works_and_the_other_names_it(world: World, tmp_path: Path) -> None:
    code = "import time\nfrom weldspot.loop.lock import lock\n"
    code += "with lock('retrain'):\n    print('held', flush=True)\n    time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(WeldspotError, match=rf"already running here: pid {holder.pid} on .* since"):
            retrain.retrain()
        assert world.ran == []
    finally:
        holder.kill()
        holder.wait()
    time.sleep(0.1)
    assert retrain.retrain().outcome == "no-drift", "the kernel let go of the lock"
    assert parameters.load().tracking.model == "weldspot"
