"""What goes wrong with Google is one line, without secrets."""

import pytest
from exported import export
from google_double import BUCKET, Fault, Google

from weldspot.config.sections.loop import Publish
from weldspot.loop.google import retries
from weldspot.loop.publishing.publish import publish
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

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
def test_refusals_are_one_line(google: Google, workspace: Workspace, name: str, fault: Fault, says: str) -> None:
    google.faults = [fault]
    with pytest.raises(WeldspotError, match=says) as caught:
        publish(workspace, *export(workspace.root, "1"), [name], SECTION)
    text = str(caught.value)
    assert "\n" not in text
    assert "s3cret" not in text
    assert caught.value.__context__ is None


@pytest.mark.parametrize("name", ["firebase_ml", "firebase_storage"])
def test_missing_bucket(google: Google, workspace: Workspace, name: str) -> None:
    other = Publish(targets=[], bucket="no-such-bucket")
    with pytest.raises(WeldspotError, match=r"no-such-bucket: .*there is no such bucket"):
        publish(workspace, *export(workspace.root, "1"), [name], other)
    with pytest.raises(WeldspotError, match=r"loop\.publish\.bucket is empty"):
        publish(workspace, *export(workspace.root, "1"), [name], Publish(targets=[], bucket=""))


def test_no_network(google: Google, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "GIVE_UP_AFTER", 0.2)
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:9")
    with pytest.raises(WeldspotError, match=r"can't be reached.*Connect.*check the network"):
        publish(workspace, *export(workspace.root, "1"), ["firebase_storage"], SECTION)
