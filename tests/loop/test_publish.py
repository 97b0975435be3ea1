"""Publishing through Google's real SDKs, over the wire, against doubles on a loopback port."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from google_double import BUCKET, Fault, Google

from weldspot.config.loop import Publish
from weldspot.errors import WeldspotError
from weldspot.loop import firebase, published
from weldspot.loop.publish import publish, target
from weldspot.loop.targets.local import PUBLISHED

SECTION = Publish(targets=["firebase_ml"], bucket=BUCKET)
EVERY = ["local", "firebase_ml", "firebase_storage"]


def export(folder: Path, version: str) -> tuple[Path, dict]:
    """A version as the registry hands it out: its folder, and the manifest to publish."""
    folder = folder / f"version-{version}"
    folder.mkdir(exist_ok=True)
    data = f"model {version}".encode() * 1000
    (folder / "model-int8.tflite").write_bytes(data)
    manifest = {
        "name": "weldspot",
        "file": "model-int8.tflite",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "labels": ["Background"],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder, published.manifest_of(manifest, version)


def only_model(google: Google) -> dict:
    assert len(google.ml.models) == 1
    return next(iter(google.ml.models.values()))


def stored(google: Google) -> dict:
    return json.loads(google.storage.buckets[BUCKET]["models/weldspot/manifest.json"].data)


@pytest.mark.parametrize("unpublishes", [True, False])
def test_created_once_updated_after_and_rolled_back(google: Google, tmp_path: Path, unpublishes: bool) -> None:
    google.ml.polls, google.ml.unpublishes = 3, unpublishes
    first, second = export(tmp_path, "1"), export(tmp_path, "2")
    for folder, manifest in (first, second, first):
        results = publish(folder, manifest, EVERY, SECTION)
        assert [(r.target, r.version, r.changed) for r in results] == [(n, manifest["version"], True) for n in EVERY]
        model = only_model(google)
        assert model["modelHash"] == manifest["sha256"]
        assert model["state"]["published"]
        assert model["tags"] == [f"version-{manifest['version']}", f"sha-{manifest['sha256'][:12]}"]
        assert stored(google) == json.loads((PUBLISHED / "manifest.json").read_text()) == manifest
        for name in EVERY:
            now = target(name, SECTION, "weldspot").served()
            assert now is not None
            assert (now["version"], now["sha256"]) == (manifest["version"], manifest["sha256"])
    assert google.ml.published == [m["sha256"] for _, m in (first, second, first)]


def test_what_is_there_already_is_left_alone(google: Google, tmp_path: Path) -> None:
    folder, manifest = export(tmp_path, "1")
    publish(folder, manifest, EVERY, SECTION)
    google.requests.clear()
    later = manifest | {"published": "2099-01-01T00:00:00+00:00"}
    assert [r.changed for r in publish(folder, later, EVERY, SECTION)] == [False] * 3
    assert google.requests
    assert google.writes == []
    assert stored(google) == json.loads((PUBLISHED / "manifest.json").read_text()) == manifest


def test_objects_have_types_and_cache_headers(google: Google, tmp_path: Path) -> None:
    folder, manifest = export(tmp_path, "1")
    publish(folder, manifest, ["firebase_storage"], SECTION)
    objects = google.storage.buckets[BUCKET]
    model = objects[f"models/weldspot/{manifest['file']}"].resource
    assert "immutable" in model["cacheControl"]
    assert model["contentType"] == "application/octet-stream"
    text = objects["models/weldspot/manifest.json"].resource
    assert (text["cacheControl"], text["contentType"]) == ("no-cache", "application/json")
    order = [line for line in google.writes if "upload" in line]
    assert len(order) == 2


def test_a_model_too_large_for_one_request_is_sent_in_parts(google: Google, tmp_path: Path) -> None:
    folder, manifest = export(tmp_path, "1")
    data = bytes(9_000_000)
    (folder / "model-int8.tflite").write_bytes(data)
    manifest |= {"sha256": hashlib.sha256(data).hexdigest()}
    publish(folder, manifest, ["firebase_storage"], SECTION)
    assert any("uploadType=resumable" in line for line in google.writes)
    assert google.storage.buckets[BUCKET][f"models/weldspot/{manifest['file']}"].data == data


@pytest.mark.parametrize("kind", [429, 500, 503, "reset", "hang"])
def test_storage_faults_are_retried(google: Google, tmp_path: Path, kind: int | str) -> None:
    folder, manifest = export(tmp_path, "1")
    google.faults = [
        Fault("GET /storage", kind),
        Fault("POST /upload", kind),
        Fault("GET /download", kind),
        Fault("POST /upload", kind, late=True),
    ]
    publish(folder, manifest, ["firebase_storage"], SECTION)
    assert [fault.times for fault in google.faults] == [0] * 4
    assert stored(google) == manifest


@pytest.mark.parametrize("kind", [429, 500, 503, "reset", "hang"])
def test_firebase_ml_faults_are_retried(google: Google, tmp_path: Path, kind: int | str) -> None:
    folder, manifest = export(tmp_path, "1")
    google.faults = [
        Fault(r"GET .*/models\?", kind),
        Fault("POST .*/models$", kind, late=True),
        Fault("GET .*/operations/", kind),
        Fault("PATCH .*updateMask", kind),
        Fault("PATCH .*updateMask", kind, late=True),
    ]
    publish(folder, manifest, ["firebase_ml"], SECTION)
    assert [fault.times for fault in google.faults] == [0] * 5
    model = only_model(google)
    assert model["modelHash"] == manifest["sha256"]
    assert model["state"]["published"]


def test_a_fault_that_stays_is_one_line_and_the_next_run_goes_on(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, manifest = export(tmp_path, "1")
    monkeypatch.setattr(firebase, "GIVE_UP_AFTER", 0.3)
    google.faults = [Fault("PATCH", 503, times=1000)]
    with pytest.raises(WeldspotError, match=r"^firebase_ml: .*busy"):
        publish(folder, manifest, EVERY, SECTION)
    assert stored(google) == manifest  # the other targets got theirs
    google.faults.clear()
    assert [r.changed for r in publish(folder, manifest, EVERY, SECTION)] == [False, True, False]
    assert only_model(google)["state"]["published"]


def test_a_file_that_firebase_rejects(google: Google, tmp_path: Path) -> None:
    folder, manifest = export(tmp_path, "1")
    google.ml.rejects = "not a TFLite file"
    with pytest.raises(WeldspotError, match="does not accept weldspot: not a TFLite file"):
        publish(folder, manifest, ["firebase_ml"], SECTION)
    google.ml.rejects = ""
    publish(*export(tmp_path, "2"), ["firebase_ml"], SECTION)
    assert only_model(google)["state"]["published"]


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


def test_wrong_targets_and_wrong_files(google: Google, tmp_path: Path) -> None:
    folder, manifest = export(tmp_path, "1")
    with pytest.raises(WeldspotError, match="cloud: choose from local"):
        publish(folder, manifest, ["cloud"], SECTION)
    with pytest.raises(WeldspotError, match="can't be a name on Firebase ML"):
        publish(folder, manifest | {"name": "weld spot"}, ["firebase_ml"], SECTION)
    (folder / "model-int8.tflite").write_bytes(b"other")
    with pytest.raises(WeldspotError, match="SHA-256 is not the manifest's"):
        publish(folder, manifest, ["local"], SECTION)
    assert google.requests == []
