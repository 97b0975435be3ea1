"""From the registry to where phones look: any set of targets, each idempotent, resumable and read back."""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from weldspot.config import parameters
from weldspot.config.sections import loop
from weldspot.config.sections.loop import Publish
from weldspot.runtime.errors import WeldspotError
from weldspot.loop.publishing import phone_manifest
from weldspot.runtime.locks import lock

TARGETS = ("local", "firebase_ml", "firebase_storage")


class Target(Protocol):
    """A place that serves one model."""

    name: str

    def served(self) -> dict | None:
        """The manifest, or {"version", "sha256"}, of what is served now; None when nothing is."""

    def publish(self, file: Path, manifest: dict) -> bool:
        """Makes it serve this file; False when it did already."""


@dataclass(frozen=True)
class Served:
    """What a target serves after `publish`, and whether that is new."""

    target: str
    version: str
    sha256: str
    changed: bool


def target(name: str, section: Publish, model: str) -> Target:
    """The target of this name for the registered model `model`; raises WeldspotError when it can't be set up."""
    if name == "local":
        from weldspot.loop.publishing.local import Local

        return Local()
    if name == "firebase_storage":
        from weldspot.loop.publishing.firebase_storage import FirebaseStorage

        return FirebaseStorage(section.bucket, model)
    if name == "firebase_ml":
        from weldspot.loop.publishing.firebase_ml import FirebaseMl

        return FirebaseMl(section.bucket, model)
    raise WeldspotError(f"{name}: no such target; there are: {', '.join(TARGETS)}")


def publish(export: Path, manifest: dict, targets: Sequence[str], section: Publish) -> list[Served]:
    """Publishes the .tflite in `export` (a folder with its manifest.json) under the published `manifest`.

    One target's failure does not keep the others from being served: WeldspotError names all that failed, at the end.
    """
    _known(targets)
    file = export / json.loads((export / "manifest.json").read_text(encoding="utf-8"))["file"]
    if hashlib.sha256(file.read_bytes()).hexdigest() != manifest["sha256"]:
        raise WeldspotError(f"{file.name}: its SHA-256 is not the manifest's; nothing was published: `dvc repro` anew")
    served, problems = [], []
    for name in dict.fromkeys(targets):
        try:
            changed = target(name, section, manifest["name"]).publish(file, manifest)
            served.append(Served(name, manifest["version"], manifest["sha256"], changed))
            print(line(served[-1]))
        except WeldspotError as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise WeldspotError("; ".join(problems))
    return served


def publish_production(targets: Sequence[str] | None = None) -> list[Served]:
    """Publishes the registry's production version to these targets, or to those of params.yaml."""
    from weldspot.registry import versions

    section = loop.load().publish
    _known(targets or section.targets)  # before seconds go into asking the registry
    # locked from the question what is production: a slow one must not bring back what was rolled back meanwhile
    with lock("publish"), tempfile.TemporaryDirectory() as folder:
        deployed = versions.fetch(versions.PRODUCTION, Path(folder))
        manifest = phone_manifest.manifest_of(deployed.manifest, deployed.version)
        return publish(deployed.model.parent, manifest, targets or section.targets, section)


def served(params: parameters.Params) -> dict[str, dict | WeldspotError | None]:
    """What each target of params.yaml serves now, or why that can't be told."""
    section = loop.parse(params).publish
    found: dict[str, dict | WeldspotError | None] = {}
    for name in section.targets:
        try:
            found[name] = target(name, section, params.tracking.model).served()
        except WeldspotError as error:
            found[name] = error
    return found


def _known(targets: Sequence[str]) -> None:
    unknown = [name for name in targets if name not in TARGETS]
    if unknown or not targets:
        raise WeldspotError(f"{', '.join(unknown) or 'no target'}: choose from {', '.join(TARGETS)} (loop.publish)")


def line(result: Served) -> str:
    state = "now serves" if result.changed else "serves already"
    return f"{result.target} {state} version {result.version} ({result.sha256[:12]}…)"
