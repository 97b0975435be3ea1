"""Objects are written where they differ, and read back."""

import pytest
from google_double import BUCKET, Google

from weldspot.loop.google import firebase, objects
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


def test_crc32c_of_the_check_string() -> None:
    assert objects.crc32c(b"123456789") == "4waSgw=="  # 0xE3069283, the check value of CRC-32C (RFC 3720, B.4)


def test_what_was_written_is_held_and_read(google: Google, workspace: Workspace) -> None:
    bucket = firebase.bucket(workspace.settings, BUCKET, "loop.publish.bucket")
    assert objects.read(bucket, "a.bin") is None
    assert not objects.holds(bucket, "a.bin", b"data")
    objects.write(bucket, "a.bin", b"data", "application/octet-stream", "no-store")
    assert objects.read(bucket, "a.bin") == b"data"
    assert objects.holds(bucket, "a.bin", b"data")
    assert not objects.holds(bucket, "a.bin", b"atad")
    assert google.storage.buckets[BUCKET]["a.bin"].resource["cacheControl"] == "no-store"


@pytest.mark.parametrize(("back", "said"), [(b"other", "as SHA-256 d9298a10d1b0…"), (None, "as nothing")])
def test_what_reads_back_otherwise_is_said(
    google: Google, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, back: bytes | None, said: str
) -> None:
    bucket = firebase.bucket(workspace.settings, BUCKET, "loop.publish.bucket")
    monkeypatch.setattr(objects, "read", lambda *_: back)
    with pytest.raises(WeldspotError, match=rf"a\.bin reads back {said}, not as written; publish again"):
        objects.write(bucket, "a.bin", b"data", "application/octet-stream", "no-store")


def test_no_bucket_is_not_no_object(google: Google, workspace: Workspace) -> None:
    with pytest.raises(WeldspotError, match="there is no such bucket"):
        objects.read(firebase.bucket(workspace.settings, "no-such-bucket", "loop.publish.bucket"), "a.bin")


def test_what_is_removed_is_gone_and_stays_gone(google: Google, workspace: Workspace) -> None:
    bucket = firebase.bucket(workspace.settings, BUCKET, "loop.publish.bucket")
    objects.write(bucket, "a.bin", b"data", "application/octet-stream", "no-store")
    objects.remove(bucket, "a.bin")
    objects.remove(bucket, "a.bin")
    assert objects.read(bucket, "a.bin") is None
    with pytest.raises(WeldspotError, match="there is no such bucket"):
        objects.remove(firebase.bucket(workspace.settings, "no-such-bucket", "loop.publish.bucket"), "a.bin")
