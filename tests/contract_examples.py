"""Whole, valid contracts for the tests; what a test is about it says itself: `manifest(sha256=...)`."""

from typing import Any

from weld_classes import CLASSES, LABELS, WELD

from weldspot.contracts.manifest import Experiment, Input, Manifest, Metrics, Outputs, PublishedManifest
from weldspot.contracts.verdict import JudgedModel, Statistic, Verdict

SHA256 = "ab" * 32


def manifest(**changes: Any) -> Manifest:
    """As export writes it, with some of its fields changed; a change that is not valid raises ValidationError."""
    fields: dict[str, Any] = {
        "name": "weldspot",
        "file": "model-int8.tflite",
        "sha256": SHA256,
        "bytes": 4_037_856,
        "labels": list(CLASSES),
        "thresholds": dict.fromkeys(CLASSES, 0.5),
        "unknown": [],
        "classes": LABELS.shown(),
        "background": WELD.background,
        "exclusive": False,
        "aliases": LABELS.aliases,
        "retired": [],
        "input": Input(shape=(1, 240, 240, 3), dtype="uint8", scale=1.0, zero_point=0, colour="RGB", resize="stretch"),
        "outputs": Outputs(probabilities=(1, len(CLASSES)), heatmaps="[1, height, width, 7], same order"),
        "metrics": Metrics(mean_average_precision=0.972557, mean_roc_auc=0.993746),
        "checks_passed": True,
        "git_commit": "5a3d1e106bc3f14fc58cdd5ff5990a0da0974407",
        "dvc_lock": "a60d69763d410e31e650fed1c63354ee565c3d1cec57048d63de1db97f70d202",
        "mlflow": Experiment(experiment="weldspot", tag="weldspot.key", key="39bd234fac495e05"),
    }
    return Manifest(**(fields | changes))


def published(**changes: Any) -> PublishedManifest:
    """As phones read it."""
    sha256 = changes.get("sha256", SHA256)
    fields: dict[str, Any] = {
        "file": f"models/{sha256}.tflite",
        "version": "3",
        "published": "2026-06-01T08:00:00+00:00",
        "stage": "production",
    }
    return PublishedManifest(**(manifest().model_dump() | fields | changes))


def verdict(**changes: Any) -> Verdict:
    """As the gate writes it after drift in one statistic."""
    moved = Statistic(name="quality: brightness", value=0.61, limit=0.25, moved=True, reference=121.5, feedback=70.2)
    fields: dict[str, Any] = {
        "outcome": "drift",
        "reasons": ["brightness: median 121.5 was, 70.2 is (distance 0.61, limit 0.25)"],
        "at": "2026-06-01T09:30:00+00:00",
        "model": JudgedModel(version="3", sha256=SHA256),
        "batches": ["20260601T080000-0123456789abcdef.parquet"],
        "images": 200,
        "judged": 200,
        "reference": 400,
        "false_alarm_rate": 0.01,
        "statistics": [moved],
    }
    return Verdict(**(fields | changes))
