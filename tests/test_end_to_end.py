"""The whole graph on a small sample, as a newcomer runs it: `dvc repro` in a fresh clone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
SMALL = (
    "source.images=90 source.size=160 preprocess.size=96 augment.variants=1 training.head_epochs=20 training.epochs=1 "
    "export.checks.min_mean_average_precision=0.2 export.checks.min_mean_roc_auc=0.5 export.calibration_images=16 "
    "export.checks.max_average_precision_loss=0.2 evaluate.bootstrap=20"
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("a clone") / "weld spot"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(target)], check=True)
    run(target, "dvc", "pull", "--quiet", "data.dvc")
    run(target, "weldspot", "compose", *SMALL.split())
    return target


def run(folder: Path, tool: str, *arguments: str) -> str:
    names = {"MLFLOW_TRACKING_URI", "DVC_EXP_NAME", "KERAS_BACKEND"}
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    done = subprocess.run([tool, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.slow
def test_one_command_makes_a_checked_model_and_a_second_runs_nothing(clone: Path) -> None:
    run(clone, "dvc", "repro")
    manifest = json.loads((clone / "artifacts/export/manifest.json").read_text())
    assert manifest["checks_passed"], (clone / "reports/export/checks.json").read_text()
    assert json.loads((clone / "reports/split/report.json").read_text())["groups_in_two_splits"] == []
    assert json.loads((clone / "reports/metrics.json").read_text())["mean"]["roc_auc"] > 0.5
    assert (clone / "reports/evaluate/heatmaps.png").stat().st_size > 10_000

    assert "Running stage" not in run(clone, "dvc", "repro")

    told = run(clone, "weldspot", "lineage", manifest["sha256"])
    assert manifest["git_commit"] in told
    assert "training.backbone = efficientnet_lite0" in told

    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{clone / 'mlflow.db'}")
    model = mlflow.pyfunc.load_model("models:/weldspot@staging")
    answers = model.predict(np.zeros((2, 96, 96, 3), np.uint8))
    assert answers.shape == (2, 7)
    assert ((answers >= 0) & (answers <= 1)).all()
