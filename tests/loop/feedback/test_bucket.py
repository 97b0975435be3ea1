"""Feedback from Cloud Storage through Google's real SDK, with faults."""

import hashlib
from pathlib import Path

import pytest
from google_double import BUCKET, Fault, Google
from weld_classes import WELD, always

from weldspot.config.sections.loop import Collect
from weldspot.config.settings import GOOGLE_KEY_FILE, Settings
from weldspot.loop.feedback import upload_metadata
from weldspot.loop.feedback.bucket import Bucket
from weldspot.loop.google import firebase, retries
from weldspot.runtime.errors import WeldspotError

OLD = "A0Z_0-0.9_0-0.1_0-0.0_0-1_0-.25_1-0.75_0-1e-05.jpg"


def source(bucket: str = BUCKET, megabytes: float = 10) -> Bucket:
    section = Collect(source="firebase", bucket=bucket, after="keep", max_megabytes=megabytes)
    return Bucket(section, Settings.read(Path("no such file")), WELD)


def fill(google: Google, count: int) -> dict[str, bytes]:
    """Uploads as the app sends them."""
    sent = {}
    for index in range(count):
        data = f"photo {index}".encode()
        metadata = {
            "labels": "Crack",
            "scores": "0,0,1,0,0,0,0",
            "model": "ab" * 32,
            "taken": "2026-01-01T00:00:00Z",
            "sha256": hashlib.sha256(data).hexdigest(),
            "firebaseStorageDownloadTokens": "s3cret",
        }
        name = f"feedback/ada/{index:04d}.jpg"
        google.storage.put(BUCKET, name, data, {"metadata": metadata})
        sent[name] = data
    return sent


@pytest.mark.parametrize("after", ["keep", "mark", "delete"])
def test_every_object_comes_once_whatever_the_network_does(google: Google, after: str) -> None:
    sent = fill(google, 60)
    google.storage.damaged = {"feedback/ada/0007.jpg": 1, "feedback/ada/0042.jpg": 2}
    google.faults = [
        Fault("GET .*prefix.*pageToken", 503),
        *(Fault(f"GET .*00{n}1.jpg", kind) for n, kind in enumerate([429, 500, "reset", "hang", 502, 408])),
        Fault("DELETE .*0033", 500, late=True),
        Fault("PATCH .*0033", "reset", late=True),
        Fault("(DELETE|PATCH) .*0034", 429),
    ]
    bucket = source()
    names = list(bucket.names())
    assert names == sorted(sent)
    for name in names:
        data, metadata = bucket.fetch(name)
        assert data == sent[name]
        assert upload_metadata.parse(name, metadata, always).labels == ["Crack"]
        assert "s3cret" not in metadata.values()
        bucket.done(name, after)  # type: ignore[arg-type]
        bucket.done(name, after)  # type: ignore[arg-type]
    left = google.storage.buckets[BUCKET]
    assert len(left) == (0 if after == "delete" else 60)
    assert list(source().names()) == (names if after == "keep" else [])
    if after == "mark":
        kept = left["feedback/ada/0000.jpg"].resource["metadata"]
        assert kept["labels"] == "Crack"
        assert kept["collected"].startswith("20")
    if after == "keep":
        assert google.writes == []


def test_an_upload_that_came_in_since_is_not_deleted(google: Google) -> None:
    fill(google, 1)
    bucket = source()
    [name] = bucket.names()
    bucket.fetch(name)
    google.storage.put(BUCKET, name, b"another")
    bucket.done(name, "delete")
    assert google.storage.buckets[BUCKET][name].data == b"another"


def test_the_earlier_apps_files_are_read(google: Google) -> None:
    for name in (OLD, f"feedback/{OLD}"):
        google.storage.put(BUCKET, name, b"old", {"timeCreated": "2023-05-06T07:08:09.000000Z"})
    google.storage.put(BUCKET, "feedback/", b"")
    google.storage.put(BUCKET, "other.jpg", b"not feedback")
    google.storage.put(BUCKET, "models/x.tflite", b"not feedback")
    google.storage.put(BUCKET, "feedback/odd.txt", b"odd")
    bucket = source()
    names = list(bucket.names())
    assert [name for name in names if "legacy" not in name] == ["feedback/odd.txt"]
    old = [name for name in names if "legacy" in name]
    assert len(old) == 2
    for name in old:
        data, metadata = source().fetch(name)  # also by one that has not listed
        assert data == b"old"
        upload = upload_metadata.parse(name, metadata, always)
        assert (upload.labels, upload.taken.isoformat()) == (["Porosity"], "2023-05-06T07:08:09+00:00")
        bucket.done(name, "delete")
    assert OLD not in google.storage.buckets[BUCKET]


def test_too_large_and_vanished(google: Google) -> None:
    fill(google, 1)
    google.storage.put(BUCKET, "feedback/ada/big.jpg", bytes(20_000))
    bucket = source(megabytes=0.01)
    with pytest.raises(upload_metadata.BadUpload, match=r"max_megabytes \(0\.01\)"):
        bucket.fetch("feedback/ada/big.jpg")
    with pytest.raises(WeldspotError, match="no longer there"):
        bucket.fetch("feedback/ada/gone.jpg")
    bucket.done("feedback/ada/big.jpg", "delete")
    kept = google.storage.buckets[BUCKET]["feedback/ada/big.jpg"]
    assert len(kept.data) == 20_000, "no copy of it is here: it is marked, not deleted"
    assert "feedback/ada/big.jpg" not in list(bucket.names())


def test_damage_that_stays_is_an_error_and_not_an_upload(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "GIVE_UP_AFTER", 0.2)
    [name] = fill(google, 1)
    google.storage.damaged = {name: 1000}
    with pytest.raises(WeldspotError, match="checksum differs"):
        source().fetch(name)


def test_the_emulator_can_not_mark(google: Google) -> None:
    [name] = fill(google, 1)
    google.storage.patches = False
    with pytest.raises(WeldspotError, match=r"after: mark.*0000\.jpg: not supported by this server, as by the Storage"):
        source().done(name, "mark")
    source().done(name, "delete")


def test_missing_bucket_is_one_line(google: Google) -> None:
    with pytest.raises(WeldspotError, match=r"no-such-bucket: .*there is no such bucket"):
        list(source("no-such-bucket").names())
    with pytest.raises(WeldspotError, match="there is no such bucket"):
        source("no-such-bucket").done("feedback/ada/1.jpg", "delete")
    with pytest.raises(WeldspotError, match=r"loop\.collect\.bucket is empty"):
        source("")


def test_the_emulator_needs_no_credentials(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(GOOGLE_KEY_FILE)
    monkeypatch.delenv(firebase.EMULATOR)
    monkeypatch.setenv(firebase.FIREBASE_EMULATOR, google.url.removeprefix("http://"))
    google.anonymous = True
    fill(google, 3)
    assert len(list(source().names())) == 3
