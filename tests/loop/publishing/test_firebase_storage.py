"""Cloud Storage through Google's real SDK: the model first, the manifest last."""

import hashlib

import pytest
from exported import changed, export
from google_double import BUCKET, Fault, Google

from weldspot.config.sections.loop import Publish
from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.served import ServedManifest
from weldspot.loop.publishing.firebase_storage import FirebaseStorage
from weldspot.loop.publishing.publish import publish
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

SECTION = Publish(targets=["firebase_ml"], bucket=BUCKET)


def stored(google: Google) -> PublishedManifest:
    data = google.storage.buckets[BUCKET]["models/weldspot/manifest.json"].data
    return PublishedManifest.parse(data, "models/weldspot/manifest.json")


def test_objects_have_types_and_cache_headers(google: Google, workspace: Workspace) -> None:
    file, published = export(workspace.root, "1")
    publish(workspace, file, published, ["firebase_storage"], SECTION)
    objects = google.storage.buckets[BUCKET]
    model = objects[f"models/weldspot/{published.file}"].resource
    assert "immutable" in model["cacheControl"]
    assert model["contentType"] == "application/octet-stream"
    text = objects["models/weldspot/manifest.json"].resource
    assert (text["cacheControl"], text["contentType"]) == ("no-cache", "application/json")
    assert int(model["generation"]) < int(text["generation"])  # no phone reads of a model that is not there


def test_a_model_too_large_for_one_request_is_sent_in_parts(google: Google, workspace: Workspace) -> None:
    file, published = export(workspace.root, "1")
    data = bytes(9_000_000)
    file.write_bytes(data)
    published = changed(published, sha256=hashlib.sha256(data).hexdigest())
    publish(workspace, file, published, ["firebase_storage"], SECTION)
    assert any("uploadType=resumable" in line for line in google.writes)
    assert google.storage.buckets[BUCKET][f"models/weldspot/{published.file}"].data == data


@pytest.mark.parametrize("kind", [429, 500, 503, "reset", "hang"])
def test_storage_faults_are_retried(google: Google, workspace: Workspace, kind: int | str) -> None:
    file, published = export(workspace.root, "1")
    google.faults = [
        Fault("GET /storage", kind),
        Fault("POST /upload", kind),
        Fault("GET /download", kind),
        Fault("POST /upload", kind, late=True),
    ]
    publish(workspace, file, published, ["firebase_storage"], SECTION)
    assert [fault.times for fault in google.faults] == [0] * 4
    assert stored(google) == published


@pytest.mark.parametrize("data", [b"{torn", b"[]", b'{"version": "1"}', b"\xff"])
def test_a_manifest_that_can_not_be_read_is_said_and_written_anew(
    google: Google, workspace: Workspace, data: bytes
) -> None:
    target = FirebaseStorage(workspace.settings, BUCKET, "weldspot")
    google.storage.put(BUCKET, "models/weldspot/manifest.json", data)
    with pytest.raises(WeldspotError, match=rf"^gs://{BUCKET}/models/weldspot/manifest.json: damaged \([^\n]+publish"):
        target.served()
    file, published = export(workspace.root, "1")
    assert target.publish(file, published)
    assert target.served() == ServedManifest.of(published)
