"""The whole graph on a small sample, as a newcomer runs it: `dvc repro` in a fresh clone; then the loop."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from small_project import SMALL, run

FAST = "training.backbone=mobilenet_025 training.weights=none training.epochs=0 training.box_steps=0"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands are given: nothing may depend on the folder that one stands in, and nothing be left there."""
    return tmp_path_factory.mktemp("else where")


@pytest.fixture(scope="module")
def clone(small_projects: Path) -> Path:
    return small_projects / "weld spot"


@pytest.mark.slow
def test_one_command_makes_a_checked_model_and_a_second_runs_nothing(clone: Path) -> None:
    manifest = json.loads((clone / "artifacts/export/manifest.json").read_text())
    assert manifest["checks_passed"], (clone / "reports/export/checks.json").read_text()
    assert json.loads((clone / "reports/split/report.json").read_text())["groups_in_two_splits"] == []
    assert json.loads((clone / "reports/metrics.json").read_text())["mean"]["roc_auc"] > 0.5
    assert (clone / "reports/evaluate/heatmaps.png").stat().st_size > 10_000

    assert not re.search("cuda|oneDNN|cpu_feature_guard", (clone.parent / "repro.log").read_text())
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
def test_the_loop_from_the_first_production_through_drift_to_a_decision(clone: Path, elsewhere: Path) -> None:
    def weldspot(*arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
        return run(elsewhere, "weldspot", "-C", str(clone), *arguments, allowed=allowed)

    weldspot("retrain")
    summary = clone / "reports/retrain/summary.md"
    assert "a new production model" in summary.read_text()
    published = json.loads((clone / ".weldspot/published/manifest.json").read_text())
    assert published["stage"] == "production"

    before = yaml.safe_load((clone / "dvc.lock").read_text())["stages"]
    # the head of the smallest network alone: this is the loop's story
    weldspot("compose", *SMALL.split(), *FAST.split())
    weldspot("simulate", "--shift", "night", "--images", "60")
    assert "up to date" in run(clone, "dvc", "status", "ingest"), "what waits makes nothing stale"
    told = weldspot("retrain", allowed=(0, 12))
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

    assert "up to date" in weldspot("status")
    assert list(elsewhere.iterdir()) == []
