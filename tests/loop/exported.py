"""Versions of a model as export makes them and as the registry hands them out."""

import hashlib
from pathlib import Path

from weld_classes import CLASSES, LABELS, WELD

from weldspot.contracts.manifest import Manifest, PublishedManifest


def manifest(data: bytes = b"a model", **changes: object) -> Manifest:
    """Export's manifest of this file, whole, but for what is changed."""
    said = {
        "name": "weldspot",
        "file": "model-int8.tflite",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "labels": list(CLASSES),
        "thresholds": dict.fromkeys(CLASSES, 0.5),
        "unknown": [],
        "classes": LABELS.shown(),
        "background": WELD.background,
        "exclusive": False,
        "aliases": LABELS.aliases,
        "retired": [],
        "input": {
            "shape": [1, 96, 96, 3],
            "dtype": "uint8",
            "scale": 1.0,
            "zero_point": 0,
            "colour": "RGB",
            "resize": "stretch",
        },
        "outputs": {"probabilities": [1, len(CLASSES)], "heatmaps": "[1, height, width, 7], same order"},
        "metrics": {"mean_average_precision": 0.9, "mean_roc_auc": 0.98},
        "checks_passed": True,
        "git_commit": "0" * 40,
        "dvc_lock": "none",
        "mlflow": {"experiment": "weldspot", "tag": "weldspot.key", "key": "0123456789abcdef"},
    }
    return Manifest.model_validate(said | changes)


def export(folder: Path, version: str) -> tuple[Path, PublishedManifest]:
    """A version as the registry hands it out: its file, and the manifest to publish."""
    file = folder / f"version-{version}" / "model-int8.tflite"
    file.parent.mkdir(exist_ok=True)
    data = f"model {version}".encode() * 1000
    file.write_bytes(data)
    return file, manifest(data).as_published(version)


def changed(published: PublishedManifest, /, **changes: object) -> PublishedManifest:
    """The manifest that says something else."""
    return PublishedManifest.model_validate(published.model_dump() | changes)
