"""The security headers on every answer."""

import json
from pathlib import Path

import pytest

from weldspot.server.options import AppConfig, FirebaseConfig
from weldspot.server.security.headers import content_security_policy

ROOT = Path(__file__).resolve().parents[3]


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
    local = content_security_policy(AppConfig.local())
    firebase = content_security_policy(
        AppConfig(backend="firebase", firebase=FirebaseConfig(emulators={"auth": "http://127.0.0.1:9"}))
    )
    assert "googleapis" not in local
    assert "https://firebasestorage.googleapis.com" in firebase
    assert "http://127.0.0.1:9" in firebase


def test_without_emulators_there_is_nothing_of_them_in_the_policy():
    known = content_security_policy(AppConfig(backend="firebase"))
    for firebase in (FirebaseConfig(), FirebaseConfig(emulators=None), FirebaseConfig(emulators={})):
        assert content_security_policy(AppConfig(backend="firebase", firebase=firebase)) == known


def test_firebase_hosting_sends_the_same_security_headers(client):
    hosting = json.loads((ROOT / "client/firebase.json").read_text())["hosting"]
    everywhere = {row["key"]: row["value"] for row in hosting["headers"][0]["headers"]}
    assert everywhere.pop("Cache-Control") == "no-cache"
    assert everywhere.pop("Content-Security-Policy") == content_security_policy(AppConfig(backend="firebase"))
    sent = client.get("/").headers
    assert everywhere == {name: sent[name] for name in everywhere}
    assert {"X-Content-Type-Options", "Cross-Origin-Embedder-Policy", "Permissions-Policy"} <= set(everywhere)
