"""What an MLflow run says, and how a killed training finds its own again."""

import os
from pathlib import Path

import mlflow
import pytest
import yaml

from weldspot.config.sections.tracking import Tracking
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import runs
from weldspot.tracking.experiment_key import write_key
from weldspot.workspace import Workspace

SECTION = Tracking(experiment="weldspot", model="weldspot")
KEY = "00ff00ff00ff00ff"


def named(name: str) -> mlflow.entities.Run:
    return next(r for r in mlflow.search_runs(["1"], output_format="list") if r.info.run_name == name)


def test_a_training_run_says_what_made_it(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_EXP_NAME", "warm")
    with runs.training_run(workspace, SECTION, "warm", KEY) as run:
        run.metrics({"loss": 0.5, "val_loss": float("nan")}, step=1)
        runs.log_dataset(Path("artifacts/preprocess"), "0a1b.dir", 7, "training")
    found = named("warm")
    assert found.info.status == "FINISHED"
    assert found.data.metrics == {"loss": 0.5}
    assert found.data.params["training.backbone"] == "efficientnet_lite0"
    assert found.data.params["augment.noise.poisson"] == "1.0"
    assert found.data.tags[runs.KEY_TAG] == KEY
    assert found.data.tags["dvc.exp_name"] == "warm"
    assert [(i.dataset.name, i.dataset.digest) for i in found.inputs.dataset_inputs] == [("preprocess", "0a1b.dir")]


def test_a_killed_training_goes_on_in_its_own_run(workspace: Workspace) -> None:
    experiment = runs.connect(workspace, SECTION)
    killed = mlflow.MlflowClient().create_run(experiment, tags={runs.KEY_TAG: KEY}, run_name="killed")
    with runs.training_run(workspace, SECTION, "warm", KEY) as run:
        assert run.id == killed.info.run_id
    with runs.training_run(workspace, SECTION, "warm", KEY) as run:
        assert run.id != killed.info.run_id  # that one is finished: training again is a run of its own


def test_a_later_stage_adds_the_data_it_has_seen_and_changes_nothing_of_how_it_began(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    outs = {
        name: {"outs": [{"path": f"artifacts/{name}", "md5": name * 2}]} for name in ("train", "evaluate", "export")
    }
    (workspace.root / "dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": outs}))
    write_key(workspace.artifact("train"), KEY)
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    with runs.training_run(workspace, SECTION, "warm", KEY):
        pass
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    with runs.stage_run(workspace, SECTION, "evaluate"):
        pass
    (found,) = mlflow.search_runs(["1"], output_format="list")
    assert found.data.tags["keras.backend"] == "jax"
    assert found.data.tags["device.cpu"]
    assert {name for name in found.data.tags if name.startswith("dvc.out")} == {"dvc.out.artifacts.train"}


def test_a_model_that_this_mlflow_never_saw_trained_has_its_parameters_too(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_key(workspace.artifact("train"), KEY)
    with runs.stage_run(workspace, SECTION, "export"):
        pass
    assert named("export-00ff00ff").data.params["training.backbone"] == "efficientnet_lite0"


def test_a_server_that_does_not_answer_is_one_line(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    mlflow.set_tracking_uri("http://127.0.0.1:9")
    with pytest.raises(WeldspotError, match=r"^MLflow at http://127\.0\.0\.1:9 does not answer [^\n]*$"):
        runs.connect(workspace, SECTION)


def test_a_run_that_the_environment_names_is_another_projects(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = runs.connect(workspace, SECTION)
    foreign = mlflow.MlflowClient().create_run(experiment, run_name="foreign").info.run_id
    monkeypatch.setenv("MLFLOW_RUN_ID", foreign)
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "0")
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", "sqlite:////nowhere/else.db")
    with runs.training_run(workspace, SECTION, "ours", KEY) as run:
        assert run.id != foreign
    assert runs.KEY_TAG not in mlflow.get_run(foreign).data.tags
    assert mlflow.get_run(run.id).info.experiment_id == experiment


def test_no_secret_goes_into_a_run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "very-secret-token-1")
    monkeypatch.setenv("DVC_EXP_NAME", "very-secret-token-1")
    text = workspace.params.read_text().replace("path: src/weldspot", "path: https://ada:pass-word@host/src/weldspot")
    workspace.params.write_text(text)
    with runs.training_run(workspace, SECTION, "ours", KEY) as run:
        pass
    data = mlflow.get_run(run.id).data
    assert data.tags["dvc.exp_name"] == "***"
    assert data.params["source.path"].startswith("https://***@host/")


@pytest.mark.parametrize(
    "uri", ["databricks://dapi0123456789", "slack://TokenAbcde/TokenBcdef", "foo://u:pw-1@h/x?k=pw-1"]
)
def test_an_address_that_mlflow_does_not_know_is_not_repeated(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(WeldspotError) as caught:
        runs.connect(workspace, SECTION)
    assert not any(part in str(caught.value) for part in ("dapi", "Token", "pw-1"))


def test_a_user_id_without_a_name_can_train(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        if "LOGNAME" not in os.environ:
            raise KeyError("getpwuid(): uid not found: 54321")
        return os.environ["LOGNAME"]

    monkeypatch.setenv("LOGNAME", "somebody")  # so that it is put back afterwards
    monkeypatch.delenv("LOGNAME")
    monkeypatch.setattr("getpass.getuser", nameless)
    monkeypatch.setattr("os.getuid", lambda: 54321)
    with runs.training_run(workspace, SECTION, "warm", KEY):
        pass
    (found,) = mlflow.search_runs(["1"], output_format="list")
    assert found.data.tags["mlflow.user"] == "uid 54321"


def names(database: Path) -> list[str]:
    """The experiments that MLflow's first page lists."""
    return [found.name for found in mlflow.MlflowClient(f"sqlite:///{database}").search_experiments()]


def test_mlflow_opens_on_this_projects_runs_alone(workspace: Workspace) -> None:
    assert names(workspace.mlflow_database) == ["Default"]
    runs.connect(workspace, SECTION)
    assert names(workspace.mlflow_database) == [SECTION.experiment]
    assert names(workspace.mlflow_database) == [SECTION.experiment], "MLflow has made it again"


def test_a_default_experiment_that_somebody_uses_stays(workspace: Workspace) -> None:
    client = mlflow.MlflowClient(f"sqlite:///{workspace.mlflow_database}")
    client.create_run("0")
    runs.connect(workspace, SECTION)
    assert set(names(workspace.mlflow_database)) == {"Default", SECTION.experiment}
