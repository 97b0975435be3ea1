"""From a model back to what made it, and from a commit to its models."""

import subprocess
from pathlib import Path

import contract_examples
import mlflow
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from weldspot.config.sections.tracking import Tracking
from weldspot.registry import lineage, versions
from weldspot.registry.lineage import describe
from weldspot.registry.model_registry import SHA_TAG, ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.dvc_lock import lock_hash
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import runs
from weldspot.workspace import Workspace

SECTION = Tracking(experiment="weldspot", model="weldspot")


def test_lineage_leads_from_a_version_to_its_run_and_back(workspace: Workspace) -> None:
    commit = "c0ffee" * 6
    with runs.training_run(workspace, SECTION, "warm", "00ff00ff00ff00ff") as run:
        pass
    client = mlflow.MlflowClient()
    client.create_registered_model("weldspot")
    tags = {SHA_TAG: "ab" * 32, "run_id": run.id, "git.commit": commit, "checks": "passed"}
    version = client.create_model_version("weldspot", "somewhere", tags=tags).version
    client.set_registered_model_alias("weldspot", "staging", version)
    for name in ("ab" * 32, "abababab", str(version), "staging"):
        told = describe(workspace, SECTION, name)
        assert run.id in told
        assert "training.learning_rate = " in told
    assert f"version {version}" in describe(workspace, SECTION, "c0ffeec0")
    assert f"versions   {version}" in describe(workspace, SECTION, run.id)
    with pytest.raises(WeldspotError, match="lineage nobody: no run, version"):
        describe(workspace, SECTION, "nobody")


def test_lineage_finds_the_models_of_an_experiment_that_was_committed_after_it_ran(workspace: Workspace) -> None:
    def lock(**stages: str) -> str:
        outs = {name: {"outs": [{"path": f"artifacts/{name}", "md5": md5}]} for name, md5 in stages.items()}
        (workspace.root / "dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": outs}))
        return lock_hash(workspace.root)

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=welder", "-c", "user.email=welder@example.org")
        return subprocess.run(
            ["git", *identity, *arguments], cwd=workspace.root, check=True, capture_output=True, text=True
        ).stdout.strip()

    runs.connect(workspace, SECTION)
    client = mlflow.MlflowClient()
    client.create_registered_model("weldspot")
    tags = {SHA_TAG: "ab" * 32, "dvc.lock": lock(train="0a", export="old")}
    client.create_model_version("weldspot", "somewhere", tags=tags)

    git("init", "--quiet")
    commits = []
    for stages in ({"train": "0a", "export": "new"}, {"train": "0b", "export": "new"}):
        lock(**stages)
        git("add", "dvc.lock")
        git("commit", "--quiet", "--message", "an experiment")
        commits.append(git("rev-parse", "HEAD"))
    assert "version 1" in describe(workspace, SECTION, commits[0])
    with pytest.raises(WeldspotError, match="no run, version"):
        describe(workspace, SECTION, commits[1])


def test_the_versions_that_learnt_from_what_was_taken_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.connect(workspace, SECTION)
    client = mlflow.MlflowClient()
    client.create_registered_model("weldspot")
    for number in range(3):
        client.create_model_version("weldspot", "somewhere", tags={SHA_TAG: f"{number}" * 64, "run_id": "gone"})

    def fetched(_: ModelRegistry, version: str, folder: Path) -> ModelVersion:
        if version == "3":
            raise WeldspotError("version 3: its files can't be fetched")
        path = folder / "membership.parquet"
        pq.write_table(pa.table({"id": ["a", "b"], "split": ["train", "test" if version == "1" else "val"]}), path)
        return ModelVersion(version, "", folder, contract_examples.manifest(), folder, path)

    monkeypatch.setattr(versions, "fetch_version", fetched)
    registry = ModelRegistry(workspace, SECTION)
    assert lineage.learnt_from(registry, ["b"]) == ({"2": 1}, ["version 3: its files can't be fetched"])
    assert lineage.learnt_from(registry, ["a", "b"])[0] == {"1": 1, "2": 2}
    for _ in range(2):
        lineage.mark_revoked(registry, "2", "x.parquet", 2)
        lineage.mark_revoked(registry, "2", "mallory", 1)
    assert registry.tags("2")["revoked"] == "2 of x.parquet; 1 of mallory"
    for name in ("x.parquet", "mallory"):
        told = describe(workspace, SECTION, name)
        assert told.startswith("weldspot version 2\n")
        assert "it learnt from photographs that were taken back: 2 of x.parquet; 1 of mallory" in told
