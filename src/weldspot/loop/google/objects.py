"""Files of the published model as objects in Cloud Storage: written only where they differ, and read back."""

import base64
import hashlib
from typing import TYPE_CHECKING

from weldspot.runtime.errors import WeldspotError
from weldspot.loop.google import firebase

if TYPE_CHECKING:
    from google.cloud.storage import Bucket


def holds(bucket: "Bucket", name: str, data: bytes) -> bool:
    """Whether the object is there with these bytes, by size and CRC32C; nothing is downloaded."""
    import google_crc32c

    def ask() -> bool:
        blob = bucket.get_blob(name, retry=None, timeout=firebase.TIMEOUT)
        checksum = base64.b64encode(google_crc32c.Checksum(data).digest()).decode()
        return blob is not None and blob.size == len(data) and blob.crc32c == checksum

    return firebase.retried(ask, f"bucket {bucket.name}: {name}")


def read(bucket: "Bucket", name: str) -> bytes | None:
    """The object's bytes, None when there is none; a missing bucket is an error."""
    from google.api_core.exceptions import NotFound

    def download() -> bytes | None:
        try:
            return bucket.blob(name).download_as_bytes(retry=None, timeout=firebase.TIMEOUT)
        except NotFound as error:
            if firebase.missing_bucket(error):
                raise
            return None

    return firebase.retried(download, f"bucket {bucket.name}: download of {name}")


def write(bucket: "Bucket", name: str, data: bytes, kind: str, cache: str) -> None:
    """Uploads with content type `kind` and Cache-Control `cache`, downloads it again and compares."""

    def upload() -> None:
        blob = bucket.blob(name)
        blob.cache_control = cache
        blob.upload_from_string(data, content_type=kind, retry=None, timeout=firebase.TIMEOUT, checksum="crc32c")

    firebase.retried(upload, f"bucket {bucket.name}: upload of {name}")
    back = read(bucket, name)
    if back != data:
        found = "nothing" if back is None else f"SHA-256 {hashlib.sha256(back).hexdigest()[:12]}…"
        raise WeldspotError(f"bucket {bucket.name}: {name} reads back as {found}, not as written; publish again")
