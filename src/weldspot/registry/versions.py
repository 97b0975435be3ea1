"""Versions of the model as the registry holds them: fetched whole, verified, never taken from the working folder."""

import hashlib
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config.sections.preprocess import Preprocess
from weldspot.contracts.manifest import Manifest
from weldspot.registry.model_registry import SHA_TAG, UNKNOWN_TAG, ModelRegistry
from weldspot.runtime import state_files
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged

if TYPE_CHECKING:
    import pyarrow as pa

CURE = (
    "`dvc repro --force --single-item export` registers anew the model that lies in artifacts/export, "
    "`weldspot rollback` goes back to the one before"
)
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

    def table(self, path: Path, columns: Sequence[str]) -> "pa.Table":
        """These columns of the reference or the membership; raises Damaged naming the version."""
        return state_files.read_parquet(path, columns, CURE, f"version {self.version}: {path.name}")

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
        raise WeldspotError(f"{name}: its files can't be fetched ({line}); {CURE}") from error
    files = {key: _file(root, key, file, name) for key, file in FILES.items()}
    for key, path in files.items():
        tag = SHA_TAG if key == "model" else f"{SHA_TAG}.{key}"
        with state_files.reading(f"{name}: {path.name}", CURE):
            found, registered = hashlib.sha256(path.read_bytes()).hexdigest(), tags.get(tag)
        if registered is None:  # of older code, which kept the model's alone
            raise WeldspotError(f"{name}: {path.name}: the registry has no SHA-256 of it to check it by; {CURE}")
        if found != registered:
            reason = f"its SHA-256 is {found[:12]}…, registered was {registered[:12]}…"
            raise Damaged(f"{name}: {path.name}", reason, CURE)
    manifest = Manifest.parse(files["manifest"].read_bytes(), f"{name}: manifest.json", CURE)
    if manifest.sha256 != tags[SHA_TAG]:
        raise Damaged(f"{name}: manifest.json", f"it is of another model, {manifest.sha256[:12]}…", CURE)
    model = files["model"]
    return ModelVersion(version, tags[SHA_TAG], model, manifest, files["reference"], files["membership"])


def ails(registry: ModelRegistry, version: str) -> str:
    """What is wrong with the files that the registry has of a version, "" when they are whole."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            fetch_version(registry, version, Path(folder))
        except WeldspotError as error:
            return str(error)
    return ""


def file_tags(export: Path) -> dict[str, str]:
    """Tags by which the files that go with the model are known again."""
    kept = {key: export / file for key, file in FILES.items() if file}
    return {f"{SHA_TAG}.{key}": hashlib.sha256(path.read_bytes()).hexdigest() for key, path in kept.items()}


def learnt(version: ModelVersion, photographs: Collection[str]) -> int:
    """How many of these photographs (SHA-256) it was trained or tuned on."""
    rows = version.table(version.membership, ["id", "split"]).to_pylist()
    return len({row["id"] for row in rows if row["split"] != "test"} & set(photographs))


def unknown_classes(version: ModelVersion) -> list[str]:
    """The classes that nobody has measured it on: its manifest's, or, since older ones do not say, its reference's."""
    manifest = version.manifest
    if "unknown" in manifest.model_fields_set:
        return list(manifest.unknown)
    rows = version.table(version.reference, ["split", "labels"]).to_pylist()
    shown = [{name for row in rows if row["split"] == split for name in row["labels"]} for split in ("val", "test")]
    return [name for name in manifest.labels if any(name not in names for names in shown)]


def tag_unknown(registry: ModelRegistry, version: str, classes: Sequence[str]) -> None:
    """So that who looks at the registry alone sees it; export tags what it registers."""
    registry.client.set_model_version_tag(registry.name, version, UNKNOWN_TAG, ", ".join(classes))


def _file(root: Path, key: str, file: str, name: str) -> Path:
    found = sorted((root / "artifacts").glob(file or "*.tflite"))
    if not found:
        raise WeldspotError(f"{name}: it has no {key} in the artifact store; {CURE}")
    return found[0]
