"""A fresh clone with a sample so small that the graph runs in two minutes, and a model that still sees defects."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SMALL = (
    "source.images=120 source.size=160 preprocess.size=128 augment.variants=1 training.head_epochs=40 "
    "training.epochs=1 training.box_steps=40 evaluate.bootstrap=20 export.calibration_images=16 "
    "export.checks.min_mean_roc_auc=0.5 export.checks.min_mean_average_precision=0.2 "
    "export.checks.max_average_precision_loss=0.2 "
    "loop.gate.resamples=100 loop.promote.bootstrap=200"
)


def clone(target: Path) -> None:
    """This commit with the small settings, nothing run yet."""
    run(ROOT, "git", "clone", "-q", str(ROOT), str(target))
    run(target, "dvc", "pull", "--quiet", "data.dvc")
    run(target, "weldspot", "compose", *SMALL.split())


def environment() -> dict[str, str]:
    """The caller's, with this Python's tools first and without what would lead out of the project."""
    names = {"MLFLOW_TRACKING_URI", "DVC_EXP_NAME", "KERAS_BACKEND", "WELDSPOT_NOTIFY"}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return kept | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


def run(folder: Path, tool: str, *arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
    """What a command prints in `folder`; RuntimeError with the end of it when its exit status is not allowed."""
    done = subprocess.run(
        [tool, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode not in allowed:
        said = done.stdout[-2000:] + done.stderr[-4000:]
        raise RuntimeError(f"{tool} {' '.join(arguments)} ended with {done.returncode}:\n{said}")
    return done.stdout
