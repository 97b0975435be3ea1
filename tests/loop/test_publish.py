"""Publishing through Google's real SDKs, over the wire, against doubles on a loopback port."""

import hashlib
import json
from pathlib import Path

import pytest
import yaml
from exported import export
from google_double import BUCKET, Fault, Google

from weldspot.config import parameters
from weldspot.config.sections.loop import Publish
from weldspot.runtime.errors import WeldspotError
from weldspot.loop.google import firebase
from weldspot.registry import versions
from weldspot.loop.publishing.publish import publish, publish_production, served, target
from weldspot.loop.publishing.local import PUBLISHED

SECTION = Publish(targets=["firebase_ml"], bucket=BUCKET)
EVERY = ["local", "firebase_ml", "firebase_storage"]


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
    assert int(model["generation"]) < int(text["generation"])  # no phone reads of a model that is not there


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


def test_a_create_whose_answer_is_lost_makes_one_model(google: Google, tmp_path: Path) -> None:
    folder, manifest = export(tmp_path, "1")
    google.ml.duplicates = True
    google.faults = [Fault("POST .*/models$", 429, late=True)]
    publish(folder, manifest, ["firebase_ml"], SECTION)
    assert only_model(google)["state"]["published"]


def test_a_file_that_firebase_rejects(google: Google, tmp_path: Path) -> None:
    folder, manifest = export(tmp_path, "1")
    google.ml.rejects = "not a TFLite file"
    with pytest.raises(WeldspotError, match="does not accept weldspot: not a TFLite file"):
        publish(folder, manifest, ["firebase_ml"], SECTION)
    google.ml.rejects = ""
    for again in (export(tmp_path, "1"), export(tmp_path, "2")):  # the same file is sent again, a better one too
        publish(*again, ["firebase_ml"], SECTION)
        assert only_model(google)["state"]["published"]


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


def test_production_goes_to_the_targets_of_params(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(EVERY, BUCKET)
    folder, manifest = export(tmp_path, "7")
    plain = json.loads((folder / "manifest.json").read_text())
    model = folder / "model-int8.tflite"
    deployed = versions.Deployed("7", manifest["sha256"], model, plain, folder, folder)
    monkeypatch.setattr(versions, "fetch", lambda alias, _: deployed if alias == "production" else None)
    assert set(served(parameters.load()).values()) == {None}
    assert [r.target for r in publish_production()] == EVERY
    now = served(parameters.load())
    for name in EVERY:
        manifest_there = now[name]
        assert isinstance(manifest_there, dict)
        assert (manifest_there["version"], manifest_there["sha256"]) == ("7", manifest["sha256"])
    assert [r.target for r in publish_production(["local"])] == ["local"]
    configure(["local", "firebase_storage"], "no-such-bucket")
    broken = served(parameters.load())
    assert isinstance(broken["local"], dict)
    assert "no such bucket" in str(broken["firebase_storage"])


def configure(targets: list[str], bucket: str) -> None:
    params = yaml.safe_load((Path(__file__).parents[2] / "params.yaml").read_text())
    params["loop"]["publish"] = {"targets": targets, "bucket": bucket}
    Path("params.yaml").write_text(yaml.safe_dump(params))
