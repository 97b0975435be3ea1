"""A training's MLflow run, recorded by the process beside it."""

import os
import signal
from pathlib import Path

import mlflow
import pytest

from weldspot.config.sections.tracking import Tracking
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking.recorder import Recorder
from weldspot.workspace import Workspace

SECTION = Tracking(experiment="weldspot", model="weldspot")
KEY = "00ff00ff00ff00ff"


def recorded(workspace: Workspace) -> mlflow.entities.Run:
    mlflow.set_tracking_uri(f"sqlite:///{workspace.mlflow_database}")
    return mlflow.search_runs(["1"], output_format="list")[0]


def test_what_is_logged_is_there_at_the_end(workspace: Workspace) -> None:
    history = workspace.root / "history.csv"
    history.write_text("epoch,loss\n")
    with Recorder(workspace, SECTION, "warm", KEY) as run:
        run.dataset(Path("artifacts/preprocess"), "0a1b.dir", 7, "training")
        run.tags({"device.training": "CPU"})
        run.metrics({"loss": 0.5}, 1)
        run.metrics({"loss": 0.25}, 2)
        run.artifacts(history)
    found = recorded(workspace)
    assert found.info.status == "FINISHED"
    assert found.data.tags["device.training"] == "CPU"
    points = mlflow.MlflowClient().get_metric_history(found.info.run_id, "loss")
    assert [(point.step, point.value) for point in points] == [(1, 0.5), (2, 0.25)]
    assert [(i.dataset.name, i.dataset.digest) for i in found.inputs.dataset_inputs] == [("preprocess", "0a1b.dir")]
    assert [file.path for file in mlflow.MlflowClient().list_artifacts(found.info.run_id)] == ["history.csv"]


def test_a_training_that_fails_is_a_failed_run_and_keeps_its_own_error(workspace: Workspace) -> None:
    def training() -> None:
        with Recorder(workspace, SECTION, "warm", KEY) as run:
            run.artifacts(workspace.root / "nowhere.csv")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        training()
    assert recorded(workspace).info.status == "FAILED"


def test_a_server_that_does_not_answer_is_one_line(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    recorder = Recorder(workspace, SECTION, "warm", KEY)
    with pytest.raises(WeldspotError, match=r"^MLflow at http://127\.0\.0\.1:9 does not answer [^\n]*$"), recorder:
        recorder.wait()


def test_a_killed_recorder_is_one_line(workspace: Workspace) -> None:
    recorder = Recorder(workspace, SECTION, "warm", KEY)
    os.kill(next(iter(recorder._pool._processes)), signal.SIGKILL)
    with pytest.raises(WeldspotError, match=r"^the process that records this training in MLflow was killed"), recorder:
        recorder.wait()


def test_after_the_first_failure_nothing_more_is_tried(workspace: Workspace) -> None:
    """Each try at a server that is gone takes MLflow minutes, and the training's process waits for all of them."""

    def training() -> None:
        with Recorder(workspace, SECTION, "warm", KEY) as run:
            run.artifacts(workspace.root / "nowhere.csv")
            run.metrics({"loss": 0.5}, 1)

    with pytest.raises(FileNotFoundError):
        training()
    found = recorded(workspace)
    assert found.data.metrics == {}
    assert found.info.status == "FAILED", "and the run is ended all the same"
