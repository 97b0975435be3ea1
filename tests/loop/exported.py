"""Versions of a model as the registry hands them out."""

import hashlib
import json
from pathlib import Path

from weldspot.loop.publishing import phone_manifest


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
    return folder, phone_manifest.manifest_of(manifest, version)
