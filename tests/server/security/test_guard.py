"""Who may ask for what, and the headers on every answer."""

import base64
import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from weldspot.server.app import create
from weldspot.server.security.headers import content_security_policy
from weldspot.server.options import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def guarded(project):
    settings = Settings(root=project, token="s3cret", hosts=None)
    with TestClient(create(settings), base_url="http://192.168.1.5:8000") as client:
        yield client


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil", "["])
def test_names_that_were_rebound_get_nothing(client, host):
    assert client.get("/api/manifest.json", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_loopback_names_are_answered(client, host):
    assert client.get("/api/manifest.json", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost:9000"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://localhost", "sec-fetch-site": "same-origin"}, 201),
        ({}, 201),
    ],
)
def test_other_pages_can_not_send(client, shot, headers, status):
    one = shot()
    assert client.post(one.path, files=one.parts(), headers=headers).status_code == status


def test_the_token_is_asked_for_where_something_is_to_be_had(guarded, shot):
    one = shot()
    wrong = [{}, {"authorization": "Bearer wrong"}, {"authorization": "Basic s3cret"}, {"authorization": "s3cret"}]
    for headers in wrong:
        assert guarded.post(one.path, files=one.parts(), headers=headers).status_code == 401
        assert guarded.get("/api/manifest.json", headers=headers).status_code == 401
        assert guarded.get("/loop", headers=headers).status_code == 401
    right = {"authorization": "Bearer s3cret"}
    assert guarded.get("/api/manifest.json", headers=right).status_code == 200
    assert guarded.post(one.path, files=one.parts(), headers=right).status_code == 201
    assert guarded.get("/config.json").status_code == 200
    assert guarded.get("/healthz").status_code == 200


def test_a_browser_may_log_in_to_the_page_about_the_loop(guarded):
    asked = guarded.get("/loop")
    assert asked.headers["www-authenticate"].startswith("Basic ")
    basic = base64.b64encode(b"me:s3cret").decode()
    assert guarded.get("/loop", headers={"authorization": f"Basic {basic}"}).status_code == 200
    for bad in ("%%%", base64.b64encode(b"\xff\xfe").decode(), base64.b64encode(b"me:").decode()):
        assert guarded.get("/loop", headers={"authorization": f"Basic {bad}"}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/loop", "/config.json", "/nothing", "/api/manifest.json", "/api/models/x.tflite"]
)
def test_every_answer_has_the_security_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "'wasm-unsafe-eval'" in policy
    assert "'unsafe-inline'" not in policy
    assert "object-src 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["permissions-policy"].startswith("camera=(self)")


def test_answers_to_failures_have_them_too(client, monkeypatch):
    from weldspot.server import models

    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(models.Models, "manifest", broken)
    answer = client.get("/api/manifest.json")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


def test_firebase_may_be_connected_to_in_firebase_mode_only():
    local = content_security_policy({"backend": "local"})
    firebase = content_security_policy(
        {"backend": "firebase", "firebase": {"emulators": {"auth": "http://127.0.0.1:9"}}}
    )
    assert "googleapis" not in local
    assert "https://firebasestorage.googleapis.com" in firebase
    assert "http://127.0.0.1:9" in firebase


def test_firebase_hosting_sends_the_same_security_headers(client):
    hosting = json.loads((ROOT / "client/firebase.json").read_text())["hosting"]
    everywhere = {row["key"]: row["value"] for row in hosting["headers"][0]["headers"]}
    assert everywhere.pop("Cache-Control") == "no-cache"
    assert everywhere.pop("Content-Security-Policy") == content_security_policy({"backend": "firebase"})
    sent = client.get("/").headers
    assert everywhere == {name: sent[name] for name in everywhere}
    assert {"X-Content-Type-Options", "Cross-Origin-Embedder-Policy", "Permissions-Policy"} <= set(everywhere)
