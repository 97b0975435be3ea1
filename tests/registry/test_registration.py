"""A file becomes a version with what belongs to it, and comes back whole."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import contract_examples
import mlflow
import pytest
from sampled import sampled

from weldspot.config.sections.tracking import Tracking
from weldspot.contracts.manifest import Manifest, Metrics
from weldspot.registry import decisions, staging, versions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.registration import register
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import runs
from weldspot.workspace import Workspace

SECTION = Tracking(experiment="weldspot", model="weldspot")
MODEL = b"not a network, but its bytes are kept"


def exported(
    workspace: Workspace,
    passed: bool = True,
    model: bytes = MODEL,
    score: float | None = 0.9,
    split: str = "membership",
) -> Manifest:
    """artifacts/export as the stage leaves it."""
    folder = workspace.artifact("export")
    folder.mkdir(parents=True, exist_ok=True)
    manifest = contract_examples.manifest(
        sha256=hashlib.sha256(model).hexdigest(),
        checks_passed=passed,
        metrics=Metrics(mean_average_precision=score, mean_roc_auc=0.99),
    )
    (folder / manifest.file).write_bytes(model)
    (folder / "manifest.json").write_bytes(manifest.json_bytes())
    (folder / "reference.parquet").write_bytes(b"reference.parquet")
    (folder / "membership.parquet").write_bytes(f"{split}.parquet".encode())
    return manifest


def registered(workspace: Workspace, manifest: Manifest) -> str:
    runs.connect(workspace, SECTION)
    with mlflow.start_run(experiment_id="1") as active:
        return register(workspace, ModelRegistry(workspace, SECTION), manifest, runs.Run(active.info.run_id)).version


def test_a_version_holds_the_file_and_what_belongs_to_it_and_no_second_is_made(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = ModelRegistry(workspace, SECTION)
    manifest = exported(workspace)
    assert registered(workspace, manifest) == "1"
    assert "ersion" not in capsys.readouterr().err, "MLflow's own lines; export says which version it is"
    assert registry.aliases() == {"staging": "1"}
    folder = tmp_path / "fetched"
    folder.mkdir()
    found = versions.fetch(registry, "staging", folder)
    assert (found.version, found.sha256, found.manifest) == ("1", manifest.sha256, manifest)
    assert found.model.read_bytes() == MODEL
    assert found.reference.read_bytes() == b"reference.parquet"
    assert found.membership.read_bytes() == b"membership.parquet"

    failed = exported(workspace, passed=False)
    assert registered(workspace, failed) == "1", "the same file, whose checks have other limits now"
    assert registry.aliases() == {}
    assert not decisions.checks_passed(registry, "1")
    with pytest.raises(WeldspotError, match="weldspot@staging: no such version"):
        versions.fetch(registry, "staging", folder)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (
            lambda store: next(store.rglob("*.tflite")).write_bytes(b"something else"),
            r"model-int8\.tflite: damaged \(its SHA-256 is ",
        ),
        (lambda store: next(store.rglob("*.tflite")).unlink(), "it has no model in the artifact store; "),
        (shutil.rmtree, "it has no model in the artifact store; "),
    ],
)
def test_a_store_that_was_damaged_is_one_line(
    workspace: Workspace, tmp_path: Path, damage: Callable[[Path], object], problem: str
) -> None:
    registered(workspace, exported(workspace))
    damage(workspace.mlflow_artifacts)
    (tmp_path / "fetched").mkdir()
    with pytest.raises(WeldspotError, match=rf"^weldspot version 1: {problem}[^\n]+$"):
        versions.fetch_version(ModelRegistry(workspace, SECTION), "1", tmp_path / "fetched")


def test_a_version_that_is_none_is_one_line(workspace: Workspace, tmp_path: Path) -> None:
    registered(workspace, exported(workspace))
    with pytest.raises(WeldspotError, match=r"^weldspot version 9: its files can't be fetched \([^\n]+$"):
        versions.fetch_version(ModelRegistry(workspace, SECTION), "9", tmp_path)


def test_a_queues_versions_are_told_apart(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = ModelRegistry(workspace, SECTION)
    monkeypatch.setattr("weldspot.registry.registration.changed_parameters", lambda _: ["training.seed=2"])
    registered(workspace, exported(workspace, model=b"one"))
    monkeypatch.setenv("DVC_EXP_NAME", "warm-seed")
    registered(workspace, exported(workspace, model=b"two", score=0.95))
    assert [registry.tags(version)["dvc.exp_name"] for version in ("1", "2")] == ["", "warm-seed"]
    first, second = (registry.client.get_model_version(SECTION.model, version).description for version in ("1", "2"))
    assert first.startswith("`dvc repro`: mean AP 0.9000, ")
    assert second.startswith("Experiment **warm-seed**: mean AP 0.9500, mean ROC AUC 0.9900 on the test photographs; ")
    assert second.endswith("Not as committed: `training.seed=2`.")
    assert staging.RULE in registry.client.get_registered_model(SECTION.model).description


@pytest.mark.parametrize("damage", [shutil.rmtree, lambda store: next(store.rglob("manifest.json")).write_text("{}")])
def test_a_version_whose_files_are_gone_or_damaged_is_registered_anew_and_stays_production(
    workspace: Workspace, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    registry = ModelRegistry(workspace, SECTION)
    manifest = exported(workspace)
    assert registered(workspace, manifest) == "1"
    registry.client.set_registered_model_alias(registry.name, "production", "1")
    decisions.record(registry, "1", "promoted", "- better")
    damage(workspace.mlflow_artifacts)
    assert "single-item export" in versions.ails(registry, "1")
    assert registered(workspace, manifest) == "2"
    assert registry.aliases() == {"staging": "2", "production": "2"}
    found = decisions.last(registry, "2")
    assert found is not None
    assert found.decision == "promoted"
    (tmp_path / "fetched").mkdir()
    assert versions.fetch(registry, "production", tmp_path / "fetched").model.read_bytes() == MODEL
    assert registered(workspace, manifest) == "2", "no third one is made"


@pytest.mark.parametrize(
    ("name", "data"),
    sampled(5, ["manifest.json", "reference.parquet", "membership.parquet"], [b"", b"{}", b"null", b"garbage"]),
)
def test_what_goes_with_the_model_is_known_by_its_hash(
    workspace: Workspace, tmp_path: Path, name: str, data: bytes
) -> None:
    registered(workspace, exported(workspace))
    next(workspace.mlflow_artifacts.rglob(name)).write_bytes(data)
    with pytest.raises(WeldspotError, match=rf"^weldspot version 1: {name}: damaged \([^\n]+`dvc repro --force"):
        versions.fetch_version(ModelRegistry(workspace, SECTION), "1", tmp_path)


@pytest.mark.parametrize("key", ["sha256.manifest", "sha256.reference", "sha256.membership"])
def test_a_version_without_a_digest_of_each_file_is_not_handed_out_but_registered_anew(
    workspace: Workspace, tmp_path: Path, key: str
) -> None:
    """Whoever can write to the artifact store could give it other labels and thresholds."""
    registry = ModelRegistry(workspace, SECTION)
    manifest = exported(workspace)
    registered(workspace, manifest)
    registry.client.delete_model_version_tag(SECTION.model, "1", key)
    with pytest.raises(
        WeldspotError, match=r"^weldspot version 1: \S+: the registry has no SHA-256 of it [^\n]+export`"
    ):
        versions.fetch_version(registry, "1", tmp_path)
    assert registered(workspace, manifest) == "2"
    (tmp_path / "anew").mkdir()
    assert versions.fetch_version(registry, "2", tmp_path / "anew").manifest == manifest


def test_a_manifest_of_another_model_is_damage(workspace: Workspace, tmp_path: Path) -> None:
    registry = ModelRegistry(workspace, SECTION)
    registered(workspace, exported(workspace))
    path = next(workspace.mlflow_artifacts.rglob("manifest.json"))
    path.write_bytes(contract_examples.manifest(sha256="cd" * 32).json_bytes())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    registry.client.set_model_version_tag(SECTION.model, "1", "sha256.manifest", digest)
    with pytest.raises(WeldspotError, match=r"manifest\.json: damaged \(it is of another model, cdcdcdcdcdcd…\)"):
        versions.fetch_version(registry, "1", tmp_path)
