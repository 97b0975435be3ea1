"""What goes wrong with Google is one line, without secrets."""

import json
import os
from pathlib import Path

import pytest
from exported import export
from google_double import BUCKET, Fault, Google

from weldspot.config.sections.loop import Publish
from weldspot.runtime.errors import WeldspotError
from weldspot.loop.google import firebase
from weldspot.loop.publishing.publish import publish

SECTION = Publish(targets=["firebase_ml"], bucket=BUCKET)
DISABLED = "Firebase ML API has not been used in project 42 before or it is disabled."


@pytest.mark.parametrize(
    ("name", "fault", "says"),
    [
        ("firebase_ml", Fault("models", 403, 99, DISABLED), "API is not enabled"),
        ("firebase_ml", Fault("models", 403, 99, "no"), "permission denied.*roles"),
        ("firebase_ml", Fault("models", 401, 99, "no"), "does not accept the credentials"),
        ("firebase_storage", Fault("/b/", 403, 99, "loop@ does not have storage.objects.get"), "permission denied"),
        ("firebase_storage", Fault("token", 400, 99, "invalid_grant"), "does not accept the credentials"),
        ("firebase_storage", Fault("/b/", 412, 99, "odd https://x.test/?X-Goog-Signature=s3cret"), "answered 412"),
    ],
)
def test_refusals_are_one_line(google: Google, tmp_path: Path, name: str, fault: Fault, says: str) -> None:
    google.faults = [fault]
    with pytest.raises(WeldspotError, match=says) as caught:
        publish(*export(tmp_path, "1"), [name], SECTION)
    text = str(caught.value)
    assert "\n" not in text
    assert "s3cret" not in text
    assert caught.value.__context__ is None


@pytest.mark.parametrize("name", ["firebase_ml", "firebase_storage"])
def test_missing_bucket(google: Google, tmp_path: Path, name: str) -> None:
    other = Publish(targets=[], bucket="no-such-bucket")
    with pytest.raises(WeldspotError, match=r"no-such-bucket: .*there is no such bucket"):
        publish(*export(tmp_path, "1"), [name], other)
    with pytest.raises(WeldspotError, match=r"loop\.publish\.bucket is empty"):
        publish(*export(tmp_path, "1"), [name], Publish(targets=[], bucket=""))


def test_credentials(google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = (*export(tmp_path, "1"), ["firebase_storage"], SECTION)
    bad = tmp_path / "bad.json"
    monkeypatch.setenv(firebase.KEY_FILE, str(bad))
    with pytest.raises(WeldspotError, match=r"no file .*bad.json"):
        publish(*arguments)
    good = json.loads(Path(os.environ["REQUESTS_CA_BUNDLE"]).with_name("account.json").read_text())
    for text in ("{", "[]", json.dumps({"type": "service_account"}), json.dumps(good | {"private_key": "s3cret"})):
        bad.write_text(text)
        with pytest.raises(WeldspotError, match=r"bad.json: .*key file") as caught:
            publish(*arguments)
        assert "s3cret" not in str(caught.value)
    monkeypatch.delenv(firebase.KEY_FILE)
    monkeypatch.delenv("STORAGE_EMULATOR_HOST")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    with pytest.raises(WeldspotError, match="no Google credentials found"):
        publish(*arguments)
    bad.write_text(json.dumps(good))
    (tmp_path / ".env").write_text(f"{firebase.KEY_FILE}={bad}\n")
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", google.url)
    assert publish(*arguments)[0].changed


def test_no_network(google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firebase, "GIVE_UP_AFTER", 0.2)
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:9")
    with pytest.raises(WeldspotError, match=r"can't be reached.*Connect.*check the network"):
        publish(*export(tmp_path, "1"), ["firebase_storage"], SECTION)


def test_signing_needs_a_key_file(google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = {"type": "authorized_user", "client_id": "1", "client_secret": "s3cret", "refresh_token": "s3cret"}
    (tmp_path / "user.json").write_text(json.dumps(user))
    monkeypatch.setenv(firebase.KEY_FILE, str(tmp_path / "user.json"))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "weld-double")
    with pytest.raises(WeldspotError, match="a signed URL needs the key file of a service account") as caught:
        publish(*export(tmp_path, "1"), ["firebase_ml", "firebase_storage"], SECTION)
    assert "s3cret" not in str(caught.value)
    assert google.ml.models == {}
    assert "models/weldspot/manifest.json" in google.storage.buckets[BUCKET]  # which needs no key file


def test_ml_without_a_project(google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = {"type": "authorized_user", "client_id": "1", "client_secret": "s3cret", "refresh_token": "s3cret"}
    (tmp_path / "user.json").write_text(json.dumps(user))
    monkeypatch.setenv(firebase.KEY_FILE, str(tmp_path / "user.json"))
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    with pytest.raises(WeldspotError, match="GOOGLE_CLOUD_PROJECT"):
        publish(*export(tmp_path, "1"), ["firebase_ml"], SECTION)
