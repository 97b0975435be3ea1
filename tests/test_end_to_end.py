"""The whole graph on a small sample, as a newcomer runs it: `dvc repro` in a fresh clone; then phone and loop.

One file, so that all share the one clone.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import small_project
import yaml
from small_project import ROOT, run

CLIENT = ROOT / "client"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("a clone") / "weld spot"
    small_project.clone(target)
    return target


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
    answers = model.predict(np.zeros((2, 128, 128, 3), np.uint8))
    assert answers.shape == (2, 7)
    assert ((answers >= 0) & (answers <= 1)).all()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not here: install Node 20 for the phone app's tests")
def test_the_phone_app_in_a_browser(clone: Path) -> None:
    """client/e2e with this model, on a copy, for welders leave corrections in it."""
    run(clone, "dvc", "repro")  # nothing to do after the test above
    project = clone.with_name("with a phone")
    shutil.copytree(clone, project, ignore=lambda folder, _: ["cache"] if Path(folder).name == ".dvc" else [])
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for script in ("build", "e2e"):
        done = subprocess.run(
            ["npm", "run", "--silent", script],
            cwd=CLIENT,
            env=os.environ | {"WELDSPOT_PROJECT": str(project), "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        print(done.stdout[-10_000:])
        assert done.returncode == 0, done.stderr[-2000:]


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
