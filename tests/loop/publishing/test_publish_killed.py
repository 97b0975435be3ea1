"""A publication killed between its steps: the next one completes it, with one model and the right version."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from exported import export
from google_double import BUCKET, Google

from weldspot.config.sections.loop import Publish
from weldspot.loop.publishing.publish import publish
from weldspot.workspace import Workspace

CHILD = """
import os, sys
from pathlib import Path
import google_sdk
from weldspot.config.sections.loop import Publish
from weldspot.contracts.manifest import PublishedManifest
from weldspot.loop.google import objects
from weldspot.loop.publishing import firebase_ml, publish
from weldspot.runtime import atomic
from weldspot.workspace import Workspace
google_sdk.quick(setattr)
name, place, when, root, file, manifest, bucket = sys.argv[1:]
owner = {"ml": firebase_ml._sdk(), "objects": objects, "atomic": atomic}[name]
real = getattr(owner, place)
def dies(*args, **kwargs):
    if when not in str(args[:2]):
        return real(*args, **kwargs)
    real(*args, **kwargs)
    os._exit(9)
setattr(owner, place, dies)
publish.publish(Workspace(Path(root)), Path(file), PublishedManifest.parse(manifest, "here"),
                ["firebase_ml", "firebase_storage", "local"], Publish(targets=[], bucket=bucket))
"""
POINTS = [
    ("objects", "write", "Firebase/ML"),  # the file is uploaded, no model is made of it
    ("ml", "create_model", ""),  # made, still locked, not published
    ("ml", "update_model", ""),
    ("ml", "publish_model", ""),  # published, not checked
    ("objects", "write", "models/weldspot/models"),  # the model is there, the manifest is not
    ("atomic", "write_bytes", ".tflite"),
]


@pytest.mark.parametrize(("owner", "place", "when"), POINTS)
def test_killed(google: Google, workspace: Workspace, owner: str, place: str, when: str) -> None:
    section, every = Publish(targets=[], bucket=BUCKET), ["firebase_ml", "firebase_storage", "local"]
    file, manifest = export(workspace.root, "1")
    if place == "update_model":
        publish(workspace, file, manifest, every, section)
        file, manifest = export(workspace.root, "2")
    lying = workspace.published / "manifest.json"
    before = lying.read_bytes() if lying.exists() else None
    path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    arguments = [owner, place, when, str(workspace.root), str(file), manifest.json_bytes().decode(), BUCKET]
    child = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == 9, child.stderr
    if lying.exists():
        assert lying.read_bytes() == before

    results = publish(workspace, file, manifest, every, section)
    assert any(result.changed for result in results)
    assert len(google.ml.models) == 1
    model = next(iter(google.ml.models.values()))
    assert model["state"]["published"]
    assert model["modelHash"] == manifest.sha256
    assert f"version-{manifest.version}" in model["tags"]
    objects = google.storage.buckets[BUCKET]
    assert objects["models/weldspot/manifest.json"].data == manifest.json_bytes()
    assert hashlib.sha256(objects[f"models/weldspot/{manifest.file}"].data).hexdigest() == manifest.sha256
    assert lying.read_bytes() == manifest.json_bytes()
    assert not any(result.changed for result in publish(workspace, file, manifest, every, section))
