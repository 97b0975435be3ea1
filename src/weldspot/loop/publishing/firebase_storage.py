"""Cloud Storage for Firebase: models/{name}/manifest.json and models/{name}/models/<sha256>.tflite."""

from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.served import ServedManifest
from weldspot.loop.google import firebase, objects
from weldspot.loop.publishing import canary_slot
from weldspot.loop.publishing.canary_slot import Slot
from weldspot.runtime.state_files import Damaged

if TYPE_CHECKING:
    from google.cloud.storage import Bucket

    from weldspot.config.settings import Settings

IMMUTABLE = "public, max-age=31536000, immutable"  # the name holds the SHA-256
FRESH = "no-cache"  # kept, but asked about each time: RFC 9111, 5.2.2.4


class FirebaseStorage:
    """Model first, manifest last; older models stay, so that a rollback only writes the manifest."""

    name = "firebase_storage"

    def __init__(self, settings: "Settings", bucket: str, model: str) -> None:
        self._bucket = firebase.bucket(settings, bucket, "loop.publish.bucket")
        self._root = f"models/{model}"

    def served(self) -> ServedManifest | None:
        """The manifest in the bucket, None when there is none; raises Damaged when it can't be read as one."""
        name = f"{self._root}/manifest.json"
        data = objects.read(self._bucket, name)
        return None if data is None else ServedManifest.parse(data, f"gs://{self._bucket.name}/{name}")

    def canary(self) -> Slot:
        """Where a challenger lies while it is tried."""
        name = f"{self._root}/{canary_slot.NAME}"
        return Slot(_Challenger(self._bucket, self._root), f"gs://{self._bucket.name}/{name}")

    def _served_whole(self) -> ServedManifest | None:
        try:
            return self.served()
        except Damaged:  # it is written anew
            return None

    def publish(self, file: Path, manifest: PublishedManifest) -> bool:
        """Makes `manifest` and its model what is served; False when it was so already, without a write."""
        data, model = file.read_bytes(), f"{self._root}/{manifest.file}"
        there = objects.holds(self._bucket, model, data)
        if there and ServedManifest.of(manifest).same_but_for_the_time(self._served_whole()):
            return False
        if not there:
            objects.write(self._bucket, model, data, "application/octet-stream", IMMUTABLE)
        objects.write(self._bucket, f"{self._root}/manifest.json", manifest.json_bytes(), "application/json", FRESH)
        return True


class _Challenger:
    """canary.json in the bucket."""

    def __init__(self, bucket: "Bucket", root: str) -> None:
        self._bucket, self._root = bucket, root
        self._name = f"{root}/{canary_slot.NAME}"

    def read(self) -> bytes | None:
        return objects.read(self._bucket, self._name)

    def write(self, data: bytes) -> None:
        objects.write(self._bucket, self._name, data, "application/json", FRESH)

    def remove(self) -> None:
        objects.remove(self._bucket, self._name)

    def model(self, file: Path, manifest: PublishedManifest) -> None:
        data, name = file.read_bytes(), f"{self._root}/{manifest.file}"
        if not objects.holds(self._bucket, name, data):
            objects.write(self._bucket, name, data, "application/octet-stream", IMMUTABLE)
