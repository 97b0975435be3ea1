"""Which model phones are given."""

import hashlib
import json

from starlette.testclient import TestClient

from weldspot.server.app import create
from weldspot.server.models import Models
from weldspot.server.options import Settings

STAGED = b"a model that no one has promoted"


def export(root, passed=True, data=STAGED):
    folder = root / "artifacts/export"
    folder.mkdir(parents=True)
    (folder / "m.tflite").write_bytes(data)
    sha256 = hashlib.sha256(STAGED).hexdigest()
    manifest = {"file": "m.tflite", "sha256": sha256, "checks_passed": passed, "metrics": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return sha256


def test_the_published_model_is_given_whole_and_kept(client):
    answer = client.get("/api/manifest.json")
    manifest = answer.json()
    assert answer.headers["cache-control"] == "no-cache"
    assert (manifest["version"], manifest["stage"]) == ("3", "production")
    model = client.get(f"/api/{manifest['file']}")
    assert hashlib.sha256(model.content).hexdigest() == manifest["sha256"]
    assert "immutable" in model.headers["cache-control"]
    assert client.get(f"/api/models/{'0' * 64}.tflite").status_code == 404


def test_staging_is_given_while_nothing_is_published(tmp_path):
    sha256 = export(tmp_path)
    client = TestClient(create(Settings(root=tmp_path)), base_url="http://localhost")
    manifest = client.get("/api/manifest.json").json()
    assert (manifest["stage"], manifest["sha256"]) == ("staging", sha256)
    assert client.get(f"/api/{manifest['file']}").content == STAGED


def test_a_model_that_failed_its_checks_is_not_given(tmp_path):
    sha256 = export(tmp_path, passed=False)
    client = TestClient(create(Settings(root=tmp_path)), base_url="http://localhost")
    answer = client.get("/api/manifest.json")
    assert answer.status_code == 404
    assert "weldspot promote" in answer.json()["error"]
    assert client.get(f"/api/models/{sha256}.tflite").status_code == 404


def test_a_file_that_is_not_what_its_name_says_is_not_given(project):
    models = Models(project)
    manifest = models.manifest()
    assert manifest
    path = models.file(manifest["sha256"])
    assert path
    path.write_bytes(b"damaged on the disk")
    assert models.file(manifest["sha256"]) is None
    assert models.manifest() is None


def test_feedback_is_believed_for_models_of_this_project(project, monkeypatch):
    from weldspot.server import models as module

    asked = []
    monkeypatch.setattr(module, "_registry", lambda root: asked.append(root) or {"b" * 64: "2"})
    exported = export(project)
    models = Models(project)
    assert models.known(exported)
    assert not asked  # what is near needs no registry
    assert models.known("b" * 64)
    assert not any(models.known(f"{number:064x}") for number in range(100))
    assert len(asked) == 1  # made-up SHA-256 don't keep the registry busy


def test_a_registry_that_fails_leaves_what_is_near(project, caplog):
    (project / "params.yaml").write_text("no: such parameters")
    (project / "mlflow.db").write_text("not a database")
    models = Models(project)
    assert models.manifest()
    assert not models.known("b" * 64)
    assert "does not answer" in caplog.text


def test_a_look_makes_no_database(project, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    (project / "params.yaml").write_text("{}")
    assert not Models(project).known("b" * 64)
    assert not list(project.rglob("mlflow.db"))
