"""Uploads in Cloud Storage for Firebase, as `weldspot collect` reads them."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from weldspot.config.sections.loop import Collect
from weldspot.labels import ClassList
from weldspot.loop.feedback import legacy_names
from weldspot.loop.feedback.upload_metadata import BadUpload
from weldspot.loop.google import firebase, objects, retries
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from google.cloud.storage import Blob

    from weldspot.config.settings import Settings

PREFIX = "feedback/"
COLLECTED = "collected"  # the key that `after: mark` adds to an object's metadata
_PRIVATE = "firebaseStorageDownloadTokens"  # a token that opens the object to anyone: it stays where it is
_FIELDS = "items(name,metadata),nextPageToken"


class Bucket:
    """The uploads of one bucket; the object names are `feedback/{uploader}/{id}.jpg`.

    Objects that carry a name of the earlier app and no metadata are read too, as `feedback/legacy/{id}.jpg`.
    """

    def __init__(self, section: Collect, settings: "Settings", classes: ClassList) -> None:
        self._bucket = firebase.bucket(settings, section.bucket, "loop.collect.bucket")
        self._classes = classes  # that the earlier app's names tell of
        self._largest = int(section.max_megabytes * 1e6)
        self._legacy: dict[str, str] = {}  # as today's app would name it → as it is named
        self._generation: dict[str, int] = {}  # of what was fetched: nothing newer is deleted

    def names(self) -> Iterator[str]:
        """Object names in order, without those that are marked as collected."""
        yield from sorted(retries.retried(self._list, self._doing("list of feedback")))

    def fetch(self, name: str) -> tuple[bytes, dict[str, str]]:
        """The bytes, verified by CRC32C or MD5, and the metadata.

        Raises:
            BadUpload: it is too large.
            WeldspotError: it may work later.
        """
        remote = self._remote(name)
        return retries.retried(lambda: self._fetch(name, remote), self._doing(f"download of {remote}"))

    def done(self, name: str, after: Literal["keep", "mark", "delete"]) -> None:
        """Keeps, marks or deletes the object; what is gone already stays gone.

        What was too large to download is marked instead of deleted: no copy of it is here.
        """
        if after == "keep":
            return
        from google.api_core.exceptions import NotFound, PreconditionFailed

        remote = self._remote(name)
        generation = self._generation.pop(name, None)
        if after == "delete" and generation is None and self._too_large(remote):
            after = "mark"

        def finish() -> None:
            blob = self._bucket.blob(remote)
            try:
                if after == "delete":
                    blob.delete(retry=None, timeout=retries.TIMEOUT, if_generation_match=generation)
                else:
                    blob.metadata = {COLLECTED: datetime.now(UTC).isoformat(timespec="seconds")}
                    blob.patch(retry=None, timeout=retries.TIMEOUT, if_generation_match=generation)
            except PreconditionFailed:
                pass  # another upload under this name came in since: it is not collected yet
            except NotFound as error:
                if retries.missing_bucket(error):
                    raise

        step = "deletion of" if after == "delete" else "mark on (loop.collect.after: mark)"
        retries.retried(finish, self._doing(f"{step} {remote}"))

    def _list(self) -> list[str]:
        found, self._legacy = [], {}
        for blob in self._blobs():
            metadata = blob.metadata or {}
            if blob.name.endswith("/") or COLLECTED in metadata:  # a folder made in the console, or done
                continue
            name = None if metadata.keys() - {_PRIVATE} else legacy_names.upload_name(blob.name)
            if name is not None:
                self._legacy[name] = blob.name
            if name is not None or blob.name.startswith(PREFIX):
                found.append(name or blob.name)
        return found

    def _blobs(self) -> Iterator["Blob"]:
        """Everything under feedback/, and what lies at the top, where the earlier app may have put it."""
        options = {"fields": _FIELDS, "retry": retries.policy(), "timeout": retries.TIMEOUT}
        yield from self._bucket.list_blobs(prefix=PREFIX, **options)
        yield from self._bucket.list_blobs(delimiter="/", **options)

    def _remote(self, name: str) -> str:
        if name.startswith(f"{PREFIX}{legacy_names.UPLOADER}/") and name not in self._legacy:
            retries.retried(self._list, self._doing("list of feedback"))
        return self._legacy.get(name, name)

    def _fetch(self, name: str, remote: str) -> tuple[bytes, dict[str, str]]:
        blob = self._bucket.get_blob(remote, retry=None, timeout=retries.TIMEOUT)
        if blob is None:
            raise WeldspotError(f"{self._doing(remote)}: it is no longer there; the next collection leaves it out")
        if (blob.size or 0) > self._largest:
            raise BadUpload(f"{blob.size / 1e6:.1f} MB, more than loop.collect.max_megabytes ({self._largest / 1e6:g})")
        # taken now: a download overwrites them with what its answer says
        generation, crc32c, md5, size = blob.generation, blob.crc32c, blob.md5_hash, blob.size
        data = blob.download_as_bytes(retry=None, timeout=retries.TIMEOUT, checksum=None)
        _verify(data, crc32c, md5, size)
        self._generation[name] = generation
        if remote != name:
            return data, legacy_names.metadata(remote, blob.time_created, self._classes)
        return data, {key: str(value) for key, value in (blob.metadata or {}).items() if key != _PRIVATE}

    def _too_large(self, remote: str) -> bool:
        def size() -> int:
            blob = self._bucket.get_blob(remote, retry=None, timeout=retries.TIMEOUT)
            return blob.size or 0 if blob is not None else 0

        return retries.retried(size, self._doing(remote)) > self._largest

    def _doing(self, what: str) -> str:
        return f"bucket {self._bucket.name}: {what}"


def _verify(data: bytes, checksum: str | None, md5: str | None, size: int | None) -> None:
    """Raises ConnectionError, which is tried again, when the bytes are not the object's; checksums are base64."""
    if checksum:
        good = checksum == objects.crc32c(data)
    elif md5:
        good = base64.b64decode(md5) == hashlib.md5(data, usedforsecurity=False).digest()
    else:
        good = len(data) == size
    if not good:
        raise ConnectionError("the bytes that came are not the object's: its checksum differs")
