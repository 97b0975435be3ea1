"""The whole graph on a small sample, as a newcomer runs it: `dvc repro` in a fresh clone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

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


def run(folder: Path, tool: str, *arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
    names = {"MLFLOW_TRACKING_URI", "DVC_EXP_NAME", "KERAS_BACKEND", "WELDSPOT_NOTIFY"}
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    done = subprocess.run([tool, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in allowed, done.stdout[-2000:] + done.stderr[-4000:]
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


@pytest.mark.slow
def test_the_loop_from_the_first_production_through_drift_to_a_decision(clone: Path) -> None:
    run(clone, "dvc", "repro")  # nothing to do after the test above
    run(clone, "weldspot", "retrain")
    summary = clone / "reports/retrain/summary.md"
    assert "a new production model" in summary.read_text()
    published = json.loads((clone / ".weldspot/published/manifest.json").read_text())
    assert published["stage"] == "production"

    before = yaml.safe_load((clone / "dvc.lock").read_text())["stages"]
    run(clone, "weldspot", "simulate", "--shift", "night", "--images", "60")
    assert "up to date" in run(clone, "dvc", "status", "ingest"), "what waits makes nothing stale"
    told = run(clone, "weldspot", "retrain", allowed=(0, 12))
    verdict = json.loads((clone / "reports/gate/verdict.json").read_text())
    assert verdict["outcome"] == "drift"
    assert any(row["moved"] for row in verdict["statistics"] if row["name"] == "quality: brightness")
    assert (clone / "reports/gate/report.html").stat().st_size > 100_000
    assert "The gate: drift" in summary.read_text()
    assert "Decision: version 2" in summary.read_text()
    assert "Running stage 'ingest'" in told
    assert "Running stage 'fetch'" not in told
    after = yaml.safe_load((clone / "dvc.lock").read_text())["stages"]
    assert after["fetch"] == before["fetch"]
    assert after["ingest"] != before["ingest"]

    assert "nothing to do" in run(clone, "weldspot", "retrain") + summary.read_text()
    assert "up to date" in run(clone, "weldspot", "status")
