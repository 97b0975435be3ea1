"""What an MLflow run says, and how a killed training finds its own again."""

import subprocess
from pathlib import Path

import mlflow
import pytest
import yaml

from weldspot.config import parameters
from weldspot.runtime.errors import WeldspotError
from weldspot.registry import lineage, registration
from weldspot.tracking import lineage_tags, runs
from weldspot.tracking.experiment_key import experiment_key


def named(name: str) -> mlflow.entities.Run:
    return next(r for r in mlflow.search_runs(["1"], output_format="list") if r.info.run_name == name)


def test_a_training_run_says_what_made_it(params: parameters.Params, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_EXP_NAME", "warm")
    with runs.training_run(params, "00ff00ff00ff00ff") as run:
        run.metrics({"loss": 0.5, "val_loss": float("nan")}, step=1)
        runs.log_dataset(Path("artifacts/preprocess"), "0a1b.dir", 7, "training")
    found = named("warm")
    assert found.info.status == "FINISHED"
    assert found.data.metrics == {"loss": 0.5}
    assert found.data.params["training.backbone"] == "efficientnet_lite0"
    assert found.data.params["augment.noise.poisson"] == "1.0"
    assert found.data.tags[runs.KEY_TAG] == "00ff00ff00ff00ff"
    assert found.data.tags["dvc.exp_name"] == "warm"
    assert [(i.dataset.name, i.dataset.digest) for i in found.inputs.dataset_inputs] == [("preprocess", "0a1b.dir")]


def test_a_killed_training_goes_on_in_its_own_run(params: parameters.Params) -> None:
    experiment = runs.connect(params)
    killed = mlflow.MlflowClient().create_run(experiment, tags={runs.KEY_TAG: "00ff00ff00ff00ff"}, run_name="killed")
    with runs.training_run(params, "00ff00ff00ff00ff") as run:
        assert run.id == killed.info.run_id
    with runs.training_run(params, "00ff00ff00ff00ff") as run:
        assert run.id != killed.info.run_id  # that one is finished: training again is a run of its own


def test_a_later_stage_adds_the_data_it_has_seen_and_changes_nothing_of_how_it_began(
    params: parameters.Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    outs = {
        name: {"outs": [{"path": f"artifacts/{name}", "md5": name * 2}]} for name in ("train", "evaluate", "export")
    }
    Path("dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": outs}))
    monkeypatch.setattr(runs, "read_key", lambda: "00ff00ff00ff00ff")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    with runs.training_run(params, "00ff00ff00ff00ff"):
        pass
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    with runs.stage_run(params, "evaluate"):
        pass
    (found,) = mlflow.search_runs(["1"], output_format="list")
    assert found.data.tags["keras.backend"] == "jax"
    assert found.data.tags["device.cpu"]
    assert {name for name in found.data.tags if name.startswith("dvc.out")} == {"dvc.out.artifacts.train"}


def test_a_model_that_this_mlflow_never_saw_trained_has_its_parameters_too(
    params: parameters.Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "read_key", lambda: "00ff00ff00ff00ff")
    with runs.stage_run(params, "export"):
        pass
    assert named("export-00ff00ff").data.params["training.backbone"] == "efficientnet_lite0"


def test_a_server_that_does_not_answer_is_one_line(params: parameters.Params, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    mlflow.set_tracking_uri("http://127.0.0.1:9")
    with pytest.raises(WeldspotError, match=r"^MLflow at http://127\.0\.0\.1:9 does not answer [^\n]*$"):
        runs.connect(params)


def test_the_key_changes_with_the_data_and_the_training_alone(params: parameters.Params) -> None:
    manifest, data = Path("manifest"), [Path("pictures")]
    manifest.write_bytes(b"a split")
    data[0].mkdir()
    (data[0] / "00000.parquet").write_bytes(b"pictures")
    key = experiment_key(params, manifest, data)
    other = params.training.model_copy(update={"seed": 1})
    checks = params.export.model_copy(update={"calibration_images": 3})
    assert experiment_key(params.model_copy(update={"export": checks}), manifest, data) == key
    assert experiment_key(params.model_copy(update={"training": other}), manifest, data) != key
    (data[0] / "00000.parquet").write_bytes(b"the same pictures with other labels")
    assert experiment_key(params, manifest, data) != key
    (data[0] / "00000.parquet").write_bytes(b"pictures")
    manifest.write_bytes(b"another split")
    assert experiment_key(params, manifest, data) != key


def test_lineage_leads_from_a_version_to_its_run_and_back(params: parameters.Params, monkeypatch) -> None:
    monkeypatch.setattr(lineage_tags, "commit", lambda: "c0ffee" * 6)
    with runs.training_run(params, "00ff00ff00ff00ff") as run:
        pass
    client = mlflow.MlflowClient()
    client.create_registered_model("weldspot")
    tags = {registration.SHA_TAG: "ab" * 32, "run_id": run.id, "git.commit": lineage_tags.commit(), "checks": "passed"}
    version = client.create_model_version("weldspot", "somewhere", tags=tags).version
    client.set_registered_model_alias("weldspot", "staging", version)
    for name in ("ab" * 32, "abababab", str(version), "staging"):
        told = lineage.describe(name)
        assert run.id in told
        assert "training.learning_rate = " in told
    assert f"version {version}" in lineage.describe("c0ffeec0")
    assert f"versions   {version}" in lineage.describe(run.id)
    with pytest.raises(WeldspotError, match="lineage nobody: no run, version"):
        lineage.describe("nobody")


def test_lineage_finds_the_models_of_an_experiment_that_was_committed_after_it_ran(params: parameters.Params) -> None:
    def lock(**stages: str) -> str:
        outs = {name: {"outs": [{"path": f"artifacts/{name}", "md5": md5}]} for name, md5 in stages.items()}
        Path("dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": outs}))
        return lineage_tags.lock_hash()

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=welder", "-c", "user.email=welder@example.org")
        return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True).stdout.strip()

    runs.connect(params)
    client = mlflow.MlflowClient()
    client.create_registered_model("weldspot")
    tags = {registration.SHA_TAG: "ab" * 32, "dvc.lock": lock(train="0a", export="old")}
    client.create_model_version("weldspot", "somewhere", tags=tags)

    git("init", "--quiet")
    commits = []
    for stages in ({"train": "0a", "export": "new"}, {"train": "0b", "export": "new"}):
        lock(**stages)
        git("add", "dvc.lock")
        git("commit", "--quiet", "--message", "an experiment")
        commits.append(git("rev-parse", "HEAD"))
    assert "version 1" in lineage.describe(commits[0])
    with pytest.raises(WeldspotError, match="no run, version"):
        lineage.describe(commits[1])
