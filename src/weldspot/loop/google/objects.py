"""Files of the published model as objects in Cloud Storage: written only where they differ, and read back."""

import base64
import hashlib
from typing import TYPE_CHECKING

from weldspot.loop.google import retries
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from google.cloud.storage import Bucket


def crc32c(data: bytes) -> str:
    """CRC32C as Cloud Storage gives it: base64 of the big-endian bytes.

    Source: https://cloud.google.com/storage/docs/json_api/v1/objects
    """
    import google_crc32c

    digest: bytes = google_crc32c.Checksum(data).digest()  # type: ignore[no-untyped-call]  # Google's has no types
    return base64.b64encode(digest).decode()


def holds(bucket: "Bucket", name: str, data: bytes) -> bool:
    """Whether the object is there with these bytes, by size and CRC32C; nothing is downloaded."""

    def ask() -> bool:
        blob = bucket.get_blob(name, retry=None, timeout=retries.TIMEOUT)
        return blob is not None and blob.size == len(data) and blob.crc32c == crc32c(data)

    return retries.retried(ask, f"bucket {bucket.name}: {name}")


def read(bucket: "Bucket", name: str) -> bytes | None:
    """The object's bytes, None when there is none; a missing bucket is an error."""
    from google.api_core.exceptions import NotFound

    def download() -> bytes | None:
        try:
            return bytes(bucket.blob(name).download_as_bytes(retry=None, timeout=retries.TIMEOUT))
        except NotFound as error:
            if retries.missing_bucket(error):
                raise
            return None

    return retries.retried(download, f"bucket {bucket.name}: download of {name}")


def write(bucket: "Bucket", name: str, data: bytes, kind: str, cache: str) -> None:
    """Uploads with content type `kind` and Cache-Control `cache`, downloads it again and compares."""

    def upload() -> None:
        blob = bucket.blob(name)
        blob.cache_control = cache
        blob.upload_from_string(data, content_type=kind, retry=None, timeout=retries.TIMEOUT, checksum="crc32c")

    retries.retried(upload, f"bucket {bucket.name}: upload of {name}")
    back = read(bucket, name)
    if back != data:
        found = "nothing" if back is None else f"SHA-256 {hashlib.sha256(back).hexdigest()[:12]}…"
        raise WeldspotError(f"bucket {bucket.name}: {name} reads back as {found}, not as written; publish again")


def remove(bucket: "Bucket", name: str) -> None:
    """Deletes the object; what is gone already stays gone, a missing bucket is an error."""
    from google.api_core.exceptions import NotFound

    def delete() -> None:
        try:
            bucket.blob(name).delete(retry=None, timeout=retries.TIMEOUT)
        except NotFound as error:
            if retries.missing_bucket(error):
                raise

    retries.retried(delete, f"bucket {bucket.name}: deletion of {name}")
