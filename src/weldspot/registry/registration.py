"""A new version for a new file: the phone's model with what belongs to it."""

import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.contracts.manifest import Manifest
from weldspot.registry import versions
from weldspot.registry.model_registry import CHECKS_TAG, SHA_TAG, STAGING, ModelRegistry
from weldspot.registry.versions import FILES
from weldspot.runtime.dvc_lock import lock_hash
from weldspot.tracking import lineage_tags
from weldspot.tracking.runs import Run

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


def register(workspace: "Workspace", registry: ModelRegistry, manifest: Manifest, run: Run) -> str:
    """The version that holds the file in artifacts/export, made if there is none or its files are gone or damaged.

    It becomes staging when its checks passed.
    """
    import mlflow

    version = registry.find(manifest.sha256)
    if version is not None and (missing := versions.ails(registry, version)):
        print(f"export: {missing}; it is registered anew", file=sys.stderr)
        version = None
    checks = "passed" if manifest.checks_passed else "failed"
    client, name = registry.client, registry.name
    if version is None:
        here = lineage_tags.tags(workspace.root)
        lineage = {"dvc.lock": lock_hash(workspace.root), **{key: here[key] for key in ("git.commit", "git.dirty")}}
        export = workspace.artifact("export")
        tags = {SHA_TAG: manifest.sha256, "run_id": run.id, CHECKS_TAG: checks} | lineage | versions.file_tags(export)
        address = _log(export, manifest)
        version = str(mlflow.register_model(address, name, tags=tags).version)
        _take_over(registry, manifest.sha256, version)
    else:  # the same file, but the limits of its checks may be others
        client.set_model_version_tag(name, version, CHECKS_TAG, checks)
    if manifest.checks_passed:
        client.set_registered_model_alias(name, STAGING, version)
    elif registry.aliases().get(STAGING) == version:
        client.delete_registered_model_alias(name, STAGING)
    return version


def _take_over(registry: ModelRegistry, sha256: str, version: str) -> None:
    """Aliases of earlier versions of the same file, whose own files are gone, go to the one that has them again."""
    for alias, old in registry.aliases().items():
        if alias != STAGING and old != version and registry.tags(old).get(SHA_TAG) == sha256:
            registry.client.set_registered_model_alias(registry.name, alias, version)
            for key, value in registry.tags(old).items():
                if key.startswith("promote."):  # what was decided on the file
                    registry.client.set_model_version_tag(registry.name, version, key, value)


def _log(export: Path, manifest: Manifest) -> str:
    """The phone's file as a pyfunc model: what `models:/weldspot@staging` loads is what the phone runs."""
    import mlflow
    import numpy as np
    from mlflow.models import ModelSignature
    from mlflow.types import Schema, TensorSpec

    _, height, width, channels = manifest.input.shape
    signature = ModelSignature(
        inputs=Schema([TensorSpec(np.dtype("uint8"), (-1, height, width, channels))]),
        outputs=Schema([TensorSpec(np.dtype("float32"), (-1, len(manifest.labels)))]),
    )
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # it asks for an example to infer what the signature above says, and would keep a photograph as JSON
        warnings.filterwarnings("ignore", message=r".*input example was not provided")
        script = shutil.copy(Path(__file__).with_name("phone_pyfunc.py"), folder)
        logged = mlflow.pyfunc.log_model(
            name="phone",
            python_model=str(script),
            artifacts={name: str(export / (file or manifest.file)) for name, file in FILES.items()},
            signature=signature,
            pip_requirements=["ai-edge-litert", "numpy"],
        )
    return str(logged.model_uri)
