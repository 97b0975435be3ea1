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
from ai_edge_litert.interpreter import Interpreter
from y4m import film

from weldspot.labels import BACKGROUND
from weldspot.sources.sample import scene

OWN = Path(__file__).resolve().with_name(".project")
MADE_OF = ("src", "conf", "dvc.yaml", "params.yaml", "data.dvc", "tests/small_project.py")
CANDIDATES = range(5000, 5300)  # scenes that no sample of this size has
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
    """weld.y4m of a rendered weld with one defect that this model sees; in weld.json its label and box, 0 to 1."""
    manifest = json.loads((project / "artifacts/export/manifest.json").read_text())
    model = Interpreter(str(project / "artifacts/export" / manifest["file"]))
    model.allocate_tensors()
    side, labels = manifest["input"]["shape"][1], manifest["labels"]
    for index in CANDIDATES:
        shot = scene.render(7, index, 480)
        defects = [box for box in shot.boxes if box[0] != "Good Welding"]
        if len(shot.boxes) != 1 or not defects or defects[0][0] == BACKGROUND:
            continue
        label, *box = defects[0]
        left, top, right, bottom = (float(side) / 480 for side in box)
        if (right - left) * (bottom - top) > LARGEST:
            continue
        scores = _scores(model, cv2.resize(shot.image, (side, side), interpolation=cv2.INTER_AREA))
        over = {name: scores[i] - manifest["thresholds"][name] for i, name in enumerate(labels)}
        if over.pop(label) > 0.15 and max(over.values()) < -0.1:
            cv2.imwrite(str(project / "weld.png"), shot.image[..., ::-1])
            (project / "weld.y4m").write_bytes(film(project / "weld.png"))
            (project / "weld.json").write_text(json.dumps({"label": label, "box": [left, top, right, bottom]}))
            return
    raise SystemExit(
        "project.py: the small model sees none of the rendered defects; make tests/small_project.py larger"
    )


def _scores(model: Interpreter, pixels: np.ndarray) -> np.ndarray:
    model.set_tensor(model.get_input_details()[0]["index"], pixels[None])
    model.invoke()
    output = next(detail for detail in model.get_output_details() if len(detail["shape"]) == 2)
    return model.get_tensor(output["index"])[0]


if __name__ == "__main__":
    main()
