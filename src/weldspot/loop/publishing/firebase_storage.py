"""Cloud Storage for Firebase: models/{name}/manifest.json and models/{name}/models/<sha256>.tflite."""

import json
from pathlib import Path

from weldspot.loop.google import firebase, objects
from weldspot.loop.publishing import phone_manifest

IMMUTABLE = "public, max-age=31536000, immutable"  # the name holds the SHA-256
FRESH = "no-cache"  # kept, but asked about each time: RFC 9111, 5.2.2.4


class FirebaseStorage:
    """Model first, manifest last; older models stay, so that a rollback only writes the manifest."""

    name = "firebase_storage"

    def __init__(self, bucket: str, model: str) -> None:
        self._bucket = firebase.bucket(bucket, "loop.publish.bucket")
        self._root = f"models/{model}"

    def served(self) -> dict | None:
        """The manifest in the bucket, None when there is none; one that can't be read counts as none."""
        data = objects.read(self._bucket, f"{self._root}/manifest.json")
        try:
            manifest = json.loads(data) if data else None
        except ValueError:
            return None
        return manifest if isinstance(manifest, dict) else None

    def publish(self, file: Path, manifest: dict) -> bool:
        """Makes `manifest` and its model what is served; False when it was so already, without a write."""
        data, model = file.read_bytes(), f"{self._root}/{manifest['file']}"
        there = objects.holds(self._bucket, model, data)
        if there and phone_manifest.same(self.served(), manifest):
            return False
        if not there:
            objects.write(self._bucket, model, data, "application/octet-stream", IMMUTABLE)
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        objects.write(self._bucket, f"{self._root}/manifest.json", text.encode(), "application/json", FRESH)
        return True
