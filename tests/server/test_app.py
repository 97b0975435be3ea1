"""The routes, and what is said where there is none."""

import hashlib

import contract_examples
from starlette.testclient import TestClient

from weldspot.contracts.manifest import PublishedManifest
from weldspot.server.app import create
from weldspot.server.options import AppConfig, ServerOptions


def test_the_published_model_is_given_whole_and_kept(client):
    answer = client.get("/api/manifest.json")
    manifest = answer.json()
    assert answer.headers["cache-control"] == "no-cache"
    assert (manifest["version"], manifest["stage"]) == ("3", "production")
    model = client.get(f"/api/{manifest['file']}")
    assert hashlib.sha256(model.content).hexdigest() == manifest["sha256"]
    assert "immutable" in model.headers["cache-control"]
    assert client.get(f"/api/models/{'0' * 64}.tflite").status_code == 404


def test_the_manifest_is_the_one_that_was_published(client, workspace):
    published = (workspace.published / "manifest.json").read_bytes()
    assert PublishedManifest.parse(client.get("/api/manifest.json").content, "it").json_bytes() == published


def test_what_a_manifest_never_said_is_not_made_up(client, workspace):
    manifest = contract_examples.published(sha256=PublishedManifest.read(workspace.published / "manifest.json").sha256)
    older = manifest.model_dump(mode="json")
    del older["input"]["colour"]
    (workspace.published / "manifest.json").write_bytes(PublishedManifest(**older).json_bytes())
    assert client.get("/api/manifest.json").json() == older


def test_config_json_is_what_the_server_was_told(workspace):
    told = AppConfig.model_validate({"backend": "firebase", "firebase": {"apiKey": "k"}})
    answer = TestClient(create(ServerOptions(workspace, config=told)), base_url="http://localhost").get("/config.json")
    assert answer.json() == {"backend": "firebase", "firebase": {"apiKey": "k"}}
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/json", "no-cache")


def test_nothing_here_and_not_possible_are_sentences(client):
    assert client.get("/nothing").json() == {"error": "There is nothing here."}
    refused = client.delete("/healthz")
    assert (refused.status_code, refused.json()) == (405, {"error": "DELETE is not possible here."})
    assert "GET" in refused.headers["allow"]
