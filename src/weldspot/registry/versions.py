"""Versions of the model as the registry holds them: fetched whole, verified, never taken from the working folder."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from weldspot.config import parameters
from weldspot.config.parameters import Preprocess
from weldspot.runtime.errors import WeldspotError
from weldspot.registry import registration
from weldspot.tracking import runs

PRODUCTION, STAGING, PREVIOUS = "production", "staging", "previous"


@dataclass(frozen=True)
class Deployed:
    """A version and its files: the .tflite, export's manifest, the gate's reference and the split memberships."""

    version: str
    sha256: str
    model: Path
    manifest: dict
    reference: Path
    membership: Path

    def preprocess(self, section: Preprocess) -> Preprocess:
        """The section with this version's own size and fit: its pictures are not those of a model yet to come."""
        spec = self.manifest["input"]
        return section.model_copy(update={"size": spec["shape"][1], "fit": spec["resize"]})


def aliases(params: parameters.Params) -> dict[str, str]:
    """alias → version of the registered model; empty before the first export."""
    import mlflow

    runs.connect(params)
    try:
        found = mlflow.MlflowClient().get_registered_model(params.tracking.model).aliases
    except mlflow.MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":  # no answer is not an empty registry
            raise
        return {}
    return {alias: str(version) for alias, version in found.items()}


def fetch(alias: str, folder: Path) -> Deployed:
    """Downloads the version behind `alias` (production, staging, previous) into an existing folder.

    Raises WeldspotError when there is none, when a file is missing, or when the model is not the one registered.
    """
    params = parameters.load()
    version = aliases(params).get(alias)
    if version is None:
        hint = "`dvc repro` makes one, or `dvc repro --force --single-item export` of a model that is here already"
        if alias == PRODUCTION:
            hint = "`weldspot promote` makes staging production"
        raise WeldspotError(f"{params.tracking.model}@{alias}: no such version in the registry; {hint}")
    return fetch_version(params, version, folder)


def fetch_version(params: parameters.Params, version: str, folder: Path) -> Deployed:
    """Downloads one version into an existing folder; raises as `fetch` does."""
    import mlflow

    name = f"{params.tracking.model} version {version}"
    try:
        tags = mlflow.MlflowClient().get_model_version(params.tracking.model, version).tags
        root = Path(
            mlflow.artifacts.download_artifacts(f"models:/{params.tracking.model}/{version}", dst_path=str(folder))
        )
    except (mlflow.MlflowException, OSError) as error:
        line = " ".join(str(error).split())[:200]
        raise WeldspotError(
            f"{name}: its files can't be fetched ({line}); run `dvc repro` to register it anew"
        ) from error
    files = {key: _file(root, key, file, name) for key, file in registration.FILES.items()}
    found = hashlib.sha256(files["model"].read_bytes()).hexdigest()
    if found != tags.get(registration.SHA_TAG):
        raise WeldspotError(
            f"{name}: its file has SHA-256 {found[:12]}…, registered was {tags.get(registration.SHA_TAG, 'none')[:12]}…; "
            "the artifact store is damaged: run `weldspot rollback`, or `dvc repro` and `weldspot promote`"
        )
    manifest = json.loads(files["manifest"].read_text())
    return Deployed(version, found, files["model"], manifest, files["reference"], files["membership"])


def _file(root: Path, key: str, file: str, name: str) -> Path:
    found = sorted((root / "artifacts").glob(file or "*.tflite"))
    if not found:
        raise WeldspotError(f"{name}: it has no {key}, made by older code; run `dvc repro` to register it anew")
    return found[0]
