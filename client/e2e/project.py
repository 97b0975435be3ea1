"""Makes a project to serve in client/e2e/.project: this commit, a model trained for a minute, a film for the camera.

Made anew only when the committed pipeline or this file has changed. `weldspot` and `dvc` come from the environment that
runs this.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from y4m import film

from weldspot.labels import BACKGROUND
from weldspot.sources.sample import scene

HERE = Path(__file__).resolve().parent
ROOT, PROJECT = HERE.parents[1], HERE / ".project"
SMALL = (
    "source.images=240 source.size=224 preprocess.size=160 augment.variants=1 training.epochs=3 evaluate.bootstrap=20 "
    "export.checks.min_mean_average_precision=0.3 export.checks.min_mean_roc_auc=0.5 export.calibration_images=48 "
    "export.checks.max_average_precision_loss=0.2"
)
CANDIDATES = range(5000, 5300)  # scenes that no sample of this size has


def main() -> None:
    """Makes it, or leaves it where it is up to date."""
    made_from = _git("rev-parse", *(f"HEAD:{path}" for path in ("src", "conf", "dvc.yaml", "params.yaml", "data.dvc")))
    key = hashlib.sha256(made_from + Path(__file__).read_bytes()).hexdigest()
    stamp = PROJECT / ".made-from"
    if stamp.exists() and stamp.read_text() == key:
        return
    shutil.rmtree(PROJECT, ignore_errors=True)
    _run(ROOT, "git", "clone", "-q", str(ROOT), str(PROJECT))
    _run(PROJECT, "dvc", "pull", "--quiet", "data.dvc")
    _run(PROJECT, "weldspot", "compose", *SMALL.split())
    _run(PROJECT, "dvc", "repro")
    _film()
    stamp.write_text(key)


def _film() -> None:
    """weld.y4m of a rendered weld with one defect that this model sees; in weld.json its label and box, 0 to 1."""
    manifest = json.loads((PROJECT / "artifacts/export/manifest.json").read_text())
    model = Interpreter(str(PROJECT / "artifacts/export" / manifest["file"]))
    model.allocate_tensors()
    side, labels = manifest["input"]["shape"][1], manifest["labels"]
    for index in CANDIDATES:
        shot = scene.render(7, index, 480)
        defects = [box for box in shot.boxes if box[0] != "Good Welding"]
        if len(shot.boxes) != 1 or not defects or defects[0][0] == BACKGROUND:
            continue
        label, *box = defects[0]
        scores = _scores(model, cv2.resize(shot.image, (side, side), interpolation=cv2.INTER_AREA))
        over = {name: scores[i] - manifest["thresholds"][name] for i, name in enumerate(labels)}
        if over.pop(label) > 0.15 and max(over.values()) < -0.1:
            cv2.imwrite(str(PROJECT / "weld.png"), shot.image[..., ::-1])
            (PROJECT / "weld.y4m").write_bytes(film(PROJECT / "weld.png"))
            (PROJECT / "weld.json").write_text(json.dumps({"label": label, "box": [float(side) / 480 for side in box]}))
            return
    raise SystemExit("project.py: the small model sees none of the rendered defects; train it longer")


def _scores(model: Interpreter, pixels: np.ndarray) -> np.ndarray:
    model.set_tensor(model.get_input_details()[0]["index"], pixels[None])
    model.invoke()
    output = next(detail for detail in model.get_output_details() if len(detail["shape"]) == 2)
    return model.get_tensor(output["index"])[0]


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def _run(folder: Path, tool: str, *arguments: str) -> None:
    environment = os.environ | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    done = subprocess.run(
        [tool, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{tool} {' '.join(arguments)} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


if __name__ == "__main__":
    main()
