"""Readies the project that the browser tests serve: a small model, and a film of a weld for the fake camera.

The project is WELDSPOT_PROJECT, as it is; without that client/e2e/.project, made of this commit when the committed
pipeline has changed. `weldspot` and `dvc` come from the environment that runs this, small_project from tests/.
"""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import small_project
from y4m import film

from weldspot.contracts.manifest import Manifest
from weldspot.model.export.phone_model import PhoneModel
from weldspot.sources.synthetic import scene
from weldspot.workspace import Workspace

OWN = Path(__file__).resolve().with_name(".project")
MADE_OF = ("src", "conf", "dvc.yaml", "params.yaml", "data.dvc", "tests/small_project.py")
SIDE = 480
CANDIDATES = range(5000, 5250)  # scenes that no sample of this size has
MARGIN = 0.08  # to every threshold, for what a film does to the colours
LARGEST = 0.3  # of the picture, so that where the model looks can be told


def main() -> None:
    """Makes it, or leaves it where it is up to date."""
    given = os.environ.get("WELDSPOT_PROJECT")
    project = Path(given) if given else OWN
    if not given:
        _make(project)
    if not (project / "weld.json").exists():
        _film(project)


def _make(project: Path) -> None:
    revisions = [f"HEAD:{path}" for path in MADE_OF]
    hashes = subprocess.run(["git", "rev-parse", *revisions], cwd=small_project.ROOT, check=True, capture_output=True)
    key = hashlib.sha256(hashes.stdout).hexdigest()
    stamp = project / ".made-from"
    if stamp.exists() and stamp.read_text() == key:
        return
    shutil.rmtree(project, ignore_errors=True)
    small_project.clone(project)
    small_project.run(project, "dvc", "repro")
    stamp.write_text(key)


def _film(project: Path) -> None:
    """weld.y4m of a rendered weld with one defect, which this model sees; in weld.json its label and box, 0 to 1."""
    export = Workspace(project).artifact("export")
    manifest = Manifest.read(export / "manifest.json")
    model = PhoneModel(export / manifest.file)
    defects = {shown.name for shown in manifest.classes if not shown.good} - {manifest.background}
    meant = ((index, scene.subjects(7, index)) for index in CANDIDATES)
    alone = (index for index, wanted in meant if len(wanted) == 1 and wanted[0] in defects)
    shots = (scene.render(7, index, SIDE) for index in alone)  # each a fifth of a second
    found = next((shot for shot in shots if _seen(shot, model, manifest)), None)
    if found is None:
        raise SystemExit("project.py: the small model sees none of the defects; give tests/small_project.py more")
    label, *box = found.boxes[0]
    cv2.imwrite(str(project / "weld.png"), found.image[..., ::-1])
    (project / "weld.y4m").write_bytes(film(project / "weld.png"))
    (project / "weld.json").write_text(json.dumps({"label": label, "box": [float(side) / SIDE for side in box]}))


def _seen(shot: scene.Rendered, model: PhoneModel, manifest: Manifest) -> bool:
    if len(shot.boxes) != 1:
        return False
    label, *box = shot.boxes[0]
    left, top, right, bottom = np.array(box) / SIDE
    if (right - left) * (bottom - top) > LARGEST:
        return False
    side = manifest.input.side
    scores, heat = model(cv2.resize(shot.image, (side, side), interpolation=cv2.INTER_AREA))
    over = {name: scores[i] - manifest.thresholds[name] for i, name in enumerate(manifest.labels)}
    if manifest.labels[scores.argmax()] != label or over.pop(label) <= MARGIN or max(over.values()) >= -MARGIN:
        return False
    heat = heat[..., manifest.labels.index(label)]
    y, x = (np.array(np.unravel_index(heat.argmax(), heat.shape)) + 0.5) / heat.shape
    return bool(left <= x <= right and top <= y <= bottom)


if __name__ == "__main__":
    main()
