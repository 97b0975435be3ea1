"""Versions of the model as the registry holds them: fetched whole, verified, never taken from the working folder."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from weldspot.config.sections.preprocess import Preprocess
from weldspot.contracts.manifest import Manifest
from weldspot.registry.model_registry import SHA_TAG, ModelRegistry
from weldspot.runtime.errors import WeldspotError

# what a version holds: the phone's file and what it takes to judge and follow it without the clone that made it
FILES = {
    "model": "",  # named in the manifest
    "manifest": "manifest.json",
    "reference": "reference.parquet",
    "membership": "membership.parquet",
}


@dataclass(frozen=True)
class ModelVersion:
    """A version and its files: the .tflite, export's manifest, the gate's reference and the split memberships."""

    version: str
    sha256: str
    model: Path
    manifest: Manifest
    reference: Path
    membership: Path

    def preprocess(self, section: Preprocess) -> Preprocess:
        """The section with this version's own size and fit: its pictures are not those of a model yet to come."""
        spec = self.manifest.input
        return section.model_copy(update={"size": spec.side, "fit": spec.resize})


def fetch(registry: ModelRegistry, alias: str, folder: Path) -> ModelVersion:
    """Downloads the version behind `alias` (production, staging, previous) into an existing folder.

    Raises:
        WeldspotError: there is none, a file is missing, or the model is not the one registered.
    """
    return fetch_version(registry, registry.required(alias), folder)


def fetch_version(registry: ModelRegistry, version: str, folder: Path) -> ModelVersion:
    """Downloads one version into an existing folder; raises as `fetch` does."""
    import mlflow

    name = f"{registry.name} version {version}"
    try:
        tags = registry.tags(version)
        where = f"models:/{registry.name}/{version}"
        root = Path(mlflow.artifacts.download_artifacts(where, dst_path=str(folder)))
    except (mlflow.MlflowException, OSError) as error:
        line = " ".join(str(error).split())[:200]
        raise WeldspotError(
            f"{name}: its files can't be fetched ({line}); run `dvc repro` to register it anew"
        ) from error
    files = {key: _file(root, key, file, name) for key, file in FILES.items()}
    found = hashlib.sha256(files["model"].read_bytes()).hexdigest()
    if found != tags.get(SHA_TAG):
        raise WeldspotError(
            f"{name}: its file has SHA-256 {found[:12]}…, registered was {tags.get(SHA_TAG, 'none')[:12]}…; "
            "the artifact store is damaged: run `weldspot rollback`, or `dvc repro` and `weldspot promote`"
        )
    manifest = Manifest.read(files["manifest"])
    return ModelVersion(version, found, files["model"], manifest, files["reference"], files["membership"])


def unknown_classes(version: ModelVersion) -> list[str]:
    """The classes that nobody has measured it on: its manifest's, or, since older ones do not say, its reference's."""
    manifest = version.manifest
    if "unknown" in manifest.model_fields_set:
        return list(manifest.unknown)
    rows = pq.read_table(version.reference, columns=["split", "labels"]).to_pylist()
    shown = [{name for row in rows if row["split"] == split for name in row["labels"]} for split in ("val", "test")]
    return [name for name in manifest.labels if any(name not in names for names in shown)]


def _file(root: Path, key: str, file: str, name: str) -> Path:
    found = sorted((root / "artifacts").glob(file or "*.tflite"))
    if not found:
        raise WeldspotError(f"{name}: it has no {key}, made by older code; run `dvc repro` to register it anew")
    return found[0]
