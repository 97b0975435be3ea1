"""Statements beside a version's files, in a folder of their own."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.errors import WeldspotError

FOLDER = "attestations"
GENERATED = "registered_model_meta"  # MLflow writes it into whatever it downloads


def add(registry: ModelRegistry, version: str, files: Mapping[str, bytes]) -> None:
    """Puts them there, in place of those of the same names; raises WeldspotError where MLflow has no folder for it."""
    source = registry.client.get_model_version(registry.name, version).source or ""
    model = source.removeprefix("models:/")  # MLflow's own id of the folder; of a file store it is an address
    if model == source or "/" in model:
        raise WeldspotError(
            f"{registry.name} version {version}: registered by an older MLflow, which keeps no files beside it; "
            "`dvc repro --force --single-item export` registers it anew"
        )
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        registry.client.log_model_artifacts(model, folder, FOLDER)


def root(version: ModelVersion) -> Path:
    """The folder that was downloaded of a version."""
    return version.model.parent.parent


def read(version: ModelVersion, name: str) -> bytes | None:
    """A statement of a version that was fetched; None where there is none of that name."""
    path = root(version) / FOLDER / name
    return path.read_bytes() if path.is_file() else None


def files(version: ModelVersion) -> list[Path]:
    """Every other file of it, relative to its folder, in order."""
    folder = root(version)
    every = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in every if path.parts[0] not in (FOLDER, GENERATED))
