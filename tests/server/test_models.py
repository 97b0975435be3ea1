"""Which model phones are given."""

import hashlib
import os
import shutil
from pathlib import Path

import contract_examples
import mlflow
import pytest
from starlette.testclient import TestClient

from weldspot.config import parameters
from weldspot.loop.publishing.local import Local
from weldspot.registry.model_registry import SHA_TAG, ModelRegistry
from weldspot.server.app import create
from weldspot.server.models import Models
from weldspot.server.options import ServerOptions
from weldspot.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
STAGED = b"a model that no one has promoted"


def export(workspace, passed=True, data=STAGED):
    folder = workspace.artifact("export")
    folder.mkdir(parents=True)
    (folder / "m.tflite").write_bytes(data)
    sha256 = hashlib.sha256(STAGED).hexdigest()
    manifest = contract_examples.manifest(file="m.tflite", sha256=sha256, checks_passed=passed)
    (folder / "manifest.json").write_bytes(manifest.json_bytes())
    return sha256


def test_staging_is_given_while_nothing_is_published(tmp_path):
    sha256 = export(Workspace(tmp_path))
    client = TestClient(create(ServerOptions(Workspace(tmp_path))), base_url="http://localhost")
    manifest = client.get("/api/manifest.json").json()
    assert (manifest["stage"], manifest["sha256"]) == ("staging", sha256)
    assert client.get(f"/api/{manifest['file']}").content == STAGED


def test_a_model_that_failed_its_checks_is_not_given(tmp_path):
    sha256 = export(Workspace(tmp_path), passed=False)
    client = TestClient(create(ServerOptions(Workspace(tmp_path))), base_url="http://localhost")
    answer = client.get("/api/manifest.json")
    assert answer.status_code == 404
    assert "weldspot promote" in answer.json()["error"]
    assert client.get(f"/api/models/{sha256}.tflite").status_code == 404


@pytest.mark.parametrize("data", [b"damaged on the disk", None])
def test_a_production_that_is_damaged_on_disk_is_not_given_and_nor_is_staging(workspace, caplog, data):
    models = Models(workspace)
    manifest = models.manifest()
    assert manifest
    whole = models.content(manifest.sha256)
    assert whole
    assert hashlib.sha256(whole).hexdigest() == manifest.sha256
    export(workspace)  # what no one has promoted is not a way out
    path = workspace.published / manifest.file
    times = path.stat()
    path.write_bytes(data or bytes([whole[0] ^ 1]) + whole[1:])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # as a disk does that flips a bit
    assert models.content(manifest.sha256) is None
    assert models.manifest() is None
    assert "`weldspot publish` writes it anew" in caplog.text


def test_a_bit_that_flips_without_a_trace_is_seen_as_it_is_handed_out(workspace, monkeypatch):
    models = Models(workspace)
    manifest = models.manifest()
    assert manifest
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path)[:-1] + b"~")
    assert models.content(manifest.sha256) is None
    assert models.manifest() is None


def test_feedback_is_believed_for_models_of_this_project(workspace, monkeypatch):
    from weldspot.server import models as module

    asked = []
    monkeypatch.setattr(module, "_registry", lambda where: asked.append(where) or ({"b" * 64: "2"}, ""))
    exported = export(workspace)
    models = Models(workspace)
    assert models.known(exported)
    assert not asked  # what is near needs no registry
    assert models.known("b" * 64)
    assert not any(models.known(f"{number:064x}") for number in range(100))
    assert len(asked) == 1  # made-up SHA-256 don't keep the registry busy


def test_a_registry_that_fails_leaves_what_is_near(workspace, caplog):
    workspace.params.write_text("no: such parameters")
    workspace.mlflow_database.write_text("not a database")
    models = Models(workspace)
    assert models.manifest()
    assert not models.known("b" * 64)
    assert "does not answer" in caplog.text


@pytest.mark.parametrize("address", [None, ""])
def test_a_look_makes_no_database(workspace, monkeypatch, address):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    if address is not None:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    shutil.copy(ROOT / "params.yaml", workspace.params)
    assert not Models(workspace).known("b" * 64)
    assert not list(workspace.root.rglob("mlflow.db"))


@pytest.fixture
def registry(workspace, mlflow_tables, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copy(mlflow_tables, workspace.mlflow_database)
    shutil.copy(ROOT / "params.yaml", workspace.params)
    yield ModelRegistry(workspace, parameters.load(workspace.params).tracking)
    mlflow.set_tracking_uri(None)


def test_a_staged_model_has_the_version_that_the_registry_knows(workspace, registry):
    sha256 = export(workspace)
    registry.client.create_registered_model(registry.name)
    registry.client.create_model_version(registry.name, str(workspace.root), tags={SHA_TAG: sha256})
    shutil.rmtree(workspace.published)
    found = Models(workspace).manifest()
    assert found is not None
    assert (found.version, found.stage, found.sha256) == ("1", "staging", sha256)


def test_a_manifest_that_can_not_be_read_is_no_reason_to_give_staging(workspace, caplog):
    export(workspace)
    (workspace.published / "manifest.json").write_text("{}")
    assert Models(workspace).manifest() is None
    assert "weldspot publish" in caplog.text


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: (folder / "manifest.json").write_text("{"),
        lambda folder: (folder / "manifest.json").write_text(""),
        lambda folder: shutil.rmtree(folder / "models"),
    ],
)
def test_with_a_production_no_damage_gives_phones_what_was_not_promoted(workspace, damage):
    """503 and not 404, which a phone takes for "no model yet"; nor by its name, which somebody may know."""
    sha256 = export(workspace)
    damage(workspace.published)
    client = TestClient(create(ServerOptions(workspace)), base_url="http://localhost")
    answer = client.get("/api/manifest.json")
    assert answer.status_code == 503
    assert "weldspot publish" in answer.json()["error"]
    assert client.get(f"/api/models/{sha256}.tflite").status_code == 404


def test_production_that_was_never_published_here_is_not_replaced_by_staging(workspace, registry, caplog):
    """A fresh clone on a shared MLflow: what was promoted lies elsewhere."""
    sha256 = export(workspace)
    shutil.rmtree(workspace.published)
    registry.client.create_registered_model(registry.name)
    for promoted in ("ab" * 32, sha256):
        registry.client.create_model_version(registry.name, str(workspace.root), tags={SHA_TAG: promoted})
    registry.client.set_registered_model_alias(registry.name, "production", "1")
    models = Models(workspace)
    assert (models.manifest(), models.content(sha256)) == (None, None)
    assert "there is a production version; `weldspot publish` brings it here" in caplog.text
    registry.client.set_registered_model_alias(registry.name, "production", "2")
    found = Models(workspace).manifest()
    assert found is not None
    assert found.sha256 == sha256, "the very file that was promoted"


def test_a_registry_that_can_not_be_asked_is_no_reason_to_give_staging(workspace, registry, caplog, monkeypatch):
    """Production may stand in it: 503 until it answers; what it has once said counts on when it falls silent."""
    sha256 = export(workspace)
    shutil.rmtree(workspace.published)
    whole = workspace.mlflow_database.read_bytes()
    workspace.mlflow_database.write_bytes(b"not a database")
    models, client = Models(workspace), TestClient(create(ServerOptions(workspace)), base_url="http://localhost")
    assert (models.manifest(), models.content(sha256)) == (None, None)
    assert client.get("/api/manifest.json").status_code == 503
    assert client.get(f"/api/models/{sha256}.tflite").status_code == 404
    assert "there may be a production version" in caplog.text
    workspace.mlflow_database.write_bytes(whole)
    monkeypatch.setattr("weldspot.server.models._REGISTRY_SECONDS", 0)
    assert models.manifest() is not None, "it has none"
    workspace.mlflow_database.write_bytes(b"not a database")
    assert models.manifest() is not None


@pytest.mark.parametrize(
    "damage",
    [
        lambda manifest, export: manifest.mkdir(),
        lambda manifest, export: manifest.symlink_to(manifest),
        lambda manifest, export: manifest.symlink_to(export / "manifest.json"),
        lambda manifest, export: manifest.symlink_to(manifest.parent / "nowhere"),
    ],
    ids=["a folder", "a loop", "a link to what no one has promoted", "a link to nothing"],
)
def test_whatever_stands_in_the_place_of_the_manifest_is_not_staging(workspace, damage):
    sha256, manifest = export(workspace), workspace.published / "manifest.json"
    manifest.unlink()
    damage(manifest, workspace.artifact("export"))
    models = Models(workspace)
    assert (models.manifest(), models.content(sha256), models.has_production()) == (None, None, True)


def test_a_challenger_is_told_of_while_its_model_is_here(workspace, tmp_path):
    models, client = Models(workspace), TestClient(create(ServerOptions(workspace)), base_url="http://localhost")
    assert models.canary() is None
    assert client.get("/api/canary.json").status_code == 204
    file = tmp_path / "challenger.tflite"
    file.write_bytes(STAGED)
    sha256 = hashlib.sha256(STAGED).hexdigest()
    challenger = contract_examples.manifest(sha256=sha256).as_published("4")
    Local(workspace.published).canary().publish(file, challenger, 0.25)
    given = client.get("/api/canary.json").json()
    assert (given["share"], given["manifest"]["version"]) == (0.25, "4")
    assert client.get(f"/api/{given['manifest']['file']}").content == STAGED
    assert client.get("/api/manifest.json").json()["version"] == "3"
    (workspace.published / challenger.file).write_bytes(b"damaged on the disk")
    assert models.canary() is None
    (workspace.published / "canary.json").write_text("{torn")
    assert client.get("/api/canary.json").status_code == 204
