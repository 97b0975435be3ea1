"""A new version for a new file: the phone's model with what belongs to it."""

import contextlib
import hashlib
import io
import shutil
import sys
import tempfile
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.contracts.manifest import Manifest
from weldspot.registry import class_lists, staging, versions
from weldspot.registry.model_registry import CHECKS_TAG, SHA_TAG, STAGING, UNKNOWN_TAG, ModelRegistry
from weldspot.registry.versions import FILES
from weldspot.runtime.dvc_lock import lock_hash
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import lineage_tags
from weldspot.tracking.changes import changed_parameters, sentence
from weldspot.tracking.runs import Run

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


# what a phone shows of a file
_TOLD = ("labels", "classes", "background", "exclusive", "aliases", "retired", "thresholds", "unknown")


@dataclass(frozen=True)
class Registered:
    """The version that holds a file; `not_staging`: why it is not staging, "" when it is."""

    version: str
    not_staging: str


def register(workspace: "Workspace", registry: ModelRegistry, manifest: Manifest, run: Run) -> Registered:
    """The version that holds the file in artifacts/export; staging by the rule of `staging`.

    It is made if there is none, where that one's files are gone or damaged, or where it tells phones something else:
    the same file under other names of its classes is another model to them.
    """
    import mlflow

    version, gone = _there(registry, manifest)
    export = workspace.artifact("export")
    measured = _measured(export, manifest)
    if version is None:
        here = lineage_tags.tags(workspace.root)
        lineage = {"dvc.lock": lock_hash(workspace.root), **{key: here[key] for key in ("git.commit", "git.dirty")}}
        tags = {SHA_TAG: manifest.sha256, "run_id": run.id, staging.EXPERIMENT_TAG: staging.experiment()}
        tags |= measured | lineage | versions.file_tags(export) | class_lists.tags(manifest)
        address = _log(export, manifest)
        with contextlib.redirect_stderr(io.StringIO()):  # "already exists", "Created version": export says which
            _describe_model(registry)
            version = str(mlflow.register_model(address, registry.name, tags=tags).version)
        if gone:
            _take_over(registry, manifest.sha256, version)
        registry.client.update_model_version(registry.name, version, _description(workspace, manifest))
    else:  # the same file, but the limits of its checks may be others
        for key, value in measured.items():
            registry.client.set_model_version_tag(registry.name, version, key, value)
    return Registered(version, staging.settle(workspace, registry, version))


def _there(registry: ModelRegistry, manifest: Manifest) -> tuple[str | None, bool]:
    """The version that holds this file and says the same of it, None without; whether one's own files are gone."""
    version = registry.find(manifest.sha256)
    if version is None:
        return None, False
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = versions.fetch_version(registry, version, Path(folder)).manifest
        except WeldspotError as missing:
            print(f"export: {missing}; it is registered anew", file=sys.stderr)
            return None, True
    told = set(_TOLD)
    return version if found.model_dump(include=told) == manifest.model_dump(include=told) else None, False


def _measured(export: Path, manifest: Manifest) -> dict[str, str]:
    """Tags: whether the checks passed, the score that experiments are compared by, on which split, unknown classes."""
    score = manifest.metrics.mean_average_precision
    split = hashlib.sha256((export / FILES["membership"]).read_bytes()).hexdigest()
    return {
        CHECKS_TAG: "passed" if manifest.checks_passed else "failed",
        staging.SCORE_TAG: "" if score is None else str(score),
        staging.SPLIT_TAG: split[:16],
        UNKNOWN_TAG: ", ".join(manifest.unknown),
    }


def _description(workspace: "Workspace", manifest: Manifest) -> str:
    """What tells this version from the others, in Markdown."""
    name = staging.experiment()
    scores = (manifest.metrics.mean_average_precision, manifest.metrics.mean_roc_auc)
    ap, auc = ("not measured" if score is None else f"{score:.4f}" for score in scores)
    made = f"Experiment **{name}**" if name else "`dvc repro`"
    lines = [f"{made}: mean AP {ap}, mean ROC AUC {auc} on the test photographs; {manifest.bytes / 1e6:.2f} MB."]
    if manifest.unknown:
        lines.append(f"Does not know {', '.join(manifest.unknown)}.")
    return " ".join(filter(None, [*lines, sentence(changed_parameters(workspace))]))


def _describe_model(registry: ModelRegistry) -> None:
    """Makes the registered model, with what is to be read above its versions, where there is none."""
    import mlflow

    about = f"The phone's model: photographs in, a probability and a map for each class out. {staging.RULE}"
    with suppress(mlflow.MlflowException):  # it is there
        registry.client.create_registered_model(registry.name, description=about)


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
