"""A publication killed between its steps: the next one completes it, with one model and the right version."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from exported import export
from google_double import BUCKET, Google

from weldspot.config.sections.loop import Publish
from weldspot.loop.publishing.publish import publish
from weldspot.loop.publishing.local import PUBLISHED

CHILD = """
import os, sys
from pathlib import Path
import google_sdk
from weldspot.config.loop import Publish
from weldspot.loop import durable, objects, publish
from weldspot.loop.targets import firebase_ml
google_sdk.quick(setattr)
name, place, when, folder, manifest, bucket = sys.argv[1:]
owner = {"ml": firebase_ml._sdk(), "objects": objects, "durable": durable}[name]
real = getattr(owner, place)
def dies(*args, **kwargs):
    if when not in str(args[:2]):
        return real(*args, **kwargs)
    real(*args, **kwargs)
    os._exit(9)
setattr(owner, place, dies)
import json
publish.publish(Path(folder), json.loads(manifest), ["firebase_ml", "firebase_storage", "local"],
                Publish(targets=[], bucket=bucket))
"""
POINTS = [
    ("objects", "write", "Firebase/ML"),  # the file is uploaded, no model is made of it
    ("ml", "create_model", ""),  # made, still locked, not published
    ("ml", "update_model", ""),
    ("ml", "publish_model", ""),  # published, not checked
    ("objects", "write", "models/weldspot/models"),  # the model is there, the manifest is not
    ("durable", "write_file", ".tflite"),
]


@pytest.mark.parametrize(("owner", "place", "when"), POINTS)
def test_killed(google: Google, tmp_path: Path, owner: str, place: str, when: str) -> None:
    section, every = Publish(targets=[], bucket=BUCKET), ["firebase_ml", "firebase_storage", "local"]
    folder, manifest = export(tmp_path, "1")
    if place == "update_model":
        publish(folder, manifest, every, section)
        folder, manifest = export(tmp_path, "2")
    before = json.loads((PUBLISHED / "manifest.json").read_text()) if PUBLISHED.exists() else None
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    arguments = [owner, place, when, str(folder), json.dumps(manifest), BUCKET]
    child = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == 9, child.stderr
    if (PUBLISHED / "manifest.json").exists():
        assert json.loads((PUBLISHED / "manifest.json").read_text()) == before

    results = publish(folder, manifest, every, section)
    assert any(result.changed for result in results)
    assert len(google.ml.models) == 1
    model = next(iter(google.ml.models.values()))
    assert model["state"]["published"]
    assert model["modelHash"] == manifest["sha256"]
    assert f"version-{manifest['version']}" in model["tags"]
    objects = google.storage.buckets[BUCKET]
    assert json.loads(objects["models/weldspot/manifest.json"].data) == manifest
    assert hashlib.sha256(objects[f"models/weldspot/{manifest['file']}"].data).hexdigest() == manifest["sha256"]
    assert json.loads((PUBLISHED / "manifest.json").read_text()) == manifest
    assert not any(result.changed for result in publish(folder, manifest, every, section))
