"""Which credentials are used, and what is said where there are none."""

import json
import os
from pathlib import Path

import pytest
from exported import export
from google_double import BUCKET, Google

from weldspot.config.sections.loop import Publish
from weldspot.config.settings import GOOGLE_KEY_FILE
from weldspot.loop.google import firebase
from weldspot.loop.publishing.publish import publish
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

SECTION = Publish(targets=["firebase_ml"], bucket=BUCKET)


def test_credentials(google: Google, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    file, manifest = export(workspace.root, "1")

    def published() -> bool:
        """By a process that begins now: a workspace reads its settings once."""
        fresh = Workspace(workspace.root)
        return publish(fresh, file, manifest, ["firebase_storage"], SECTION)[0].changed

    bad = workspace.root / "bad.json"
    monkeypatch.setenv(GOOGLE_KEY_FILE, str(bad))
    with pytest.raises(WeldspotError, match=r"no file .*bad.json"):
        published()
    good = json.loads(Path(os.environ["REQUESTS_CA_BUNDLE"]).with_name("account.json").read_text())
    for text in ("{", "[]", json.dumps({"type": "service_account"}), json.dumps(good | {"private_key": "s3cret"})):
        bad.write_text(text)
        with pytest.raises(WeldspotError, match=r"bad.json: .*key file") as caught:
            published()
        assert "s3cret" not in str(caught.value)
    monkeypatch.delenv(GOOGLE_KEY_FILE)
    monkeypatch.delenv("STORAGE_EMULATOR_HOST")
    monkeypatch.setenv("HOME", str(workspace.root))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(workspace.root))
    with pytest.raises(WeldspotError, match="no Google credentials found"):
        published()
    bad.write_text(json.dumps(good))
    (workspace.root / ".env").write_text(f"{GOOGLE_KEY_FILE}={bad}\n")
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", google.url)
    assert published()


def test_signing_needs_a_key_file(google: Google, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    user = {"type": "authorized_user", "client_id": "1", "client_secret": "s3cret", "refresh_token": "s3cret"}
    (workspace.root / "user.json").write_text(json.dumps(user))
    monkeypatch.setenv(GOOGLE_KEY_FILE, str(workspace.root / "user.json"))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "weld-double")
    with pytest.raises(WeldspotError, match="a signed URL needs the key file of a service account") as caught:
        publish(workspace, *export(workspace.root, "1"), ["firebase_ml", "firebase_storage"], SECTION)
    assert "s3cret" not in str(caught.value)
    assert google.ml.models == {}
    assert "models/weldspot/manifest.json" in google.storage.buckets[BUCKET]  # which needs no key file


def test_ml_without_a_project(google: Google, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    user = {"type": "authorized_user", "client_id": "1", "client_secret": "s3cret", "refresh_token": "s3cret"}
    (workspace.root / "user.json").write_text(json.dumps(user))
    monkeypatch.setenv(GOOGLE_KEY_FILE, str(workspace.root / "user.json"))
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    with pytest.raises(WeldspotError, match="GOOGLE_CLOUD_PROJECT"):
        publish(workspace, *export(workspace.root, "1"), ["firebase_ml"], SECTION)


def test_two_workspaces_do_not_share_credentials(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = json.loads(Path(os.environ["REQUESTS_CA_BUNDLE"]).with_name("account.json").read_text())
    monkeypatch.delenv(GOOGLE_KEY_FILE)
    ours, theirs = Workspace(tmp_path / "ours"), Workspace(tmp_path / "theirs")
    for workspace in (ours, theirs):
        workspace.root.mkdir()
        key = workspace.root / "key.json"
        key.write_text(json.dumps(account | {"project_id": workspace.root.name}))
        (workspace.root / ".env").write_text(f"{GOOGLE_KEY_FILE}={key}\n")
    for workspace in (ours, theirs, theirs, ours):
        firebase.connect(workspace.settings)
        assert firebase.project() == workspace.root.name
        assert GOOGLE_KEY_FILE not in os.environ, "another workspace would take it for its own"
