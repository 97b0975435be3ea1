"""The MLflow model registry: one version a file, aliases staging, production, previous."""

import shutil
import tempfile
import warnings
from pathlib import Path

from weldspot.tracking import lineage_tags
from weldspot.tracking.runs import Run

SHA_TAG = "sha256"
# what a version holds: the phone's file and what it takes to judge and follow it without the clone that made it
FILES = {
    "model": "",  # named in the manifest
    "manifest": "manifest.json",
    "reference": "reference.parquet",
    "membership": "membership.parquet",
}


def register(name: str, export: Path, sha256: str, run: Run, passed: bool) -> str:
    """The version that holds this file, made if there is none; it becomes `staging` when its checks passed."""
    import mlflow

    client = mlflow.MlflowClient()
    version = find(name, sha256)
    checks = {"checks": "passed" if passed else "failed"}
    if version is None:
        here = lineage_tags.tags()
        lineage = {"dvc.lock": lineage_tags.lock_hash()} | {key: here[key] for key in ("git.commit", "git.dirty")}
        tags = {SHA_TAG: sha256, "run_id": run.id} | checks | lineage
        version = str(mlflow.register_model(_log(export).model_uri, name, tags=tags).version)
    else:  # the same file, but the limits of its checks may be others
        client.set_model_version_tag(name, version, "checks", checks["checks"])
    if passed:
        client.set_registered_model_alias(name, "staging", version)
    elif client.get_registered_model(name).aliases.get("staging") == version:
        client.delete_registered_model_alias(name, "staging")
    return version


def nominate(name: str, version: str) -> bool:
    """Makes a version staging, if its checks passed; returns whether they did."""
    import mlflow

    client = mlflow.MlflowClient()
    passed = client.get_model_version(name, version).tags.get("checks") == "passed"
    if passed:
        client.set_registered_model_alias(name, "staging", version)
    return passed


def find(name: str, sha256: str) -> str | None:
    """The newest version that holds the file of this SHA-256."""
    import mlflow

    found = mlflow.MlflowClient().search_model_versions(f"name = '{name}' and tags.`{SHA_TAG}` = '{sha256}'")
    return max((str(v.version) for v in found), key=int, default=None)


def _log(export: Path):  # type: ignore[no-untyped-def]
    """The phone's file as a pyfunc model: what `models:/weldspot@staging` loads is what the phone runs."""
    import json

    import mlflow
    import numpy as np
    from mlflow.models import ModelSignature
    from mlflow.types import Schema, TensorSpec

    manifest = json.loads((export / "manifest.json").read_text())
    _, height, width, channels = manifest["input"]["shape"]
    signature = ModelSignature(
        inputs=Schema([TensorSpec(np.dtype("uint8"), (-1, height, width, channels))]),
        outputs=Schema([TensorSpec(np.dtype("float32"), (-1, len(manifest["labels"])))]),
    )
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # it asks for an example to infer what the signature above says, and would keep a photograph as JSON
        warnings.filterwarnings("ignore", message=r".*input example was not provided")
        script = shutil.copy(Path(__file__).with_name("phone_pyfunc.py"), folder)
        return mlflow.pyfunc.log_model(
            name="phone",
            python_model=str(script),
            artifacts={name: str(export / (file or manifest["file"])) for name, file in FILES.items()},
            signature=signature,
            pip_requirements=["ai-edge-litert", "numpy"],
        )
