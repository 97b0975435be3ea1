"""A training's MLflow run, recorded by the process beside it."""

import os
import signal
from pathlib import Path

import mlflow
import pytest

from weldspot.config import parameters
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking.recorder import Recorder

KEY = "00ff00ff00ff00ff"


def recorded() -> mlflow.entities.Run:
    mlflow.set_tracking_uri(f"sqlite:///{Path.cwd() / 'mlflow.db'}")
    return mlflow.search_runs(["1"], output_format="list")[0]


def test_what_is_logged_is_there_at_the_end(params: parameters.Params) -> None:
    Path("history.csv").write_text("epoch,loss\n")
    with Recorder(params, KEY) as run:
        run.dataset(Path("artifacts/preprocess"), "0a1b.dir", 7, "training")
        run.metrics({"loss": 0.5}, 1)
        run.metrics({"loss": 0.25}, 2)
        run.artifacts(Path("history.csv"))
    found = recorded()
    assert found.info.status == "FINISHED"
    history = mlflow.MlflowClient().get_metric_history(found.info.run_id, "loss")
    assert [(point.step, point.value) for point in history] == [(1, 0.5), (2, 0.25)]
    assert [(i.dataset.name, i.dataset.digest) for i in found.inputs.dataset_inputs] == [("preprocess", "0a1b.dir")]
    assert [file.path for file in mlflow.MlflowClient().list_artifacts(found.info.run_id)] == ["history.csv"]


def test_a_training_that_fails_is_a_failed_run_and_keeps_its_own_error(params: parameters.Params) -> None:
    def training() -> None:
        with Recorder(params, KEY) as run:
            run.artifacts(Path("nowhere.csv"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        training()
    assert recorded().info.status == "FAILED"


def test_a_server_that_does_not_answer_is_one_line(params: parameters.Params, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    recorder = Recorder(params, KEY)
    with pytest.raises(WeldspotError, match=r"^MLflow at http://127\.0\.0\.1:9 does not answer [^\n]*$"), recorder:
        recorder.wait()


def test_a_killed_recorder_is_one_line(params: parameters.Params) -> None:
    recorder = Recorder(params, KEY)
    os.kill(next(iter(recorder._pool._processes)), signal.SIGKILL)
    with pytest.raises(WeldspotError, match=r"^the process that records this training in MLflow was killed"), recorder:
        recorder.wait()
