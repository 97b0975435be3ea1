"""From the registry to where phones look: any set of targets, each idempotent, resumable and read back."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from weldspot.config import parameters
from weldspot.config.sections.loop import TARGETS, Publish
from weldspot.contracts.manifest import PublishedManifest
from weldspot.loop.publishing import course as courses
from weldspot.loop.publishing.canary_slot import Slot
from weldspot.loop.publishing.sealing import Sealer
from weldspot.loop.publishing.words import worded
from weldspot.runtime import locks
from weldspot.runtime.errors import WeldspotError, told
from weldspot.runtime.plugins import resolver

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class InService(Protocol):
    """What a target serves now: a manifest, or as much of it as the target keeps."""

    @property
    def version(self) -> str:
        """Of the registered model."""

    @property
    def sha256(self) -> str:
        """Of the file, or its first digits."""


class Target(Protocol):
    """A place that serves one model."""

    name: str

    def served(self) -> InService | None:
        """What is served now; None when nothing is."""

    def publish(self, file: Path, manifest: PublishedManifest) -> bool:
        """Makes it serve this file; False when it did already."""


@dataclass(frozen=True)
class Served:
    """What a target serves after `publish`, and whether that is new."""

    target: str
    version: str
    sha256: str
    changed: bool


def target(workspace: "Workspace", name: str, section: Publish, model: str) -> Target:
    """The target of this name for the registered model `model`; raises WeldspotError when it can't be set up."""
    if name == "local":
        from weldspot.loop.publishing.local import Local

        return Local(workspace.published)
    if name == "firebase_storage":
        from weldspot.loop.publishing.firebase_storage import FirebaseStorage

        return FirebaseStorage(workspace.settings, section.bucket, model)
    if name == "firebase_ml":
        from weldspot.loop.publishing.firebase_ml import FirebaseMl

        return FirebaseMl(workspace.settings, section.bucket, model)
    plugin = resolver.load("targets", name)
    made = plugin(workspace, section, model)
    if missing := [each for each in ("served", "publish") if not callable(getattr(made, each, None))]:
        raise plugin.unfit(f"gives {type(made).__name__}, which has no {' and no '.join(missing)}")
    return cast("Target", _Guarded(name, replace(plugin, value=made)))


class _Guarded:
    """A target outside the package: where it fails, file and line are told."""

    def __init__(self, name: str, plugin: resolver.Plugin) -> None:
        self.name, self._plugin = name, plugin

    def served(self) -> InService | None:
        found = self._plugin.part("served")()
        if found is not None and not all(isinstance(getattr(found, key, None), str) for key in ("version", "sha256")):
            raise self._plugin.unfit("says that it serves something without `version` and `sha256` as text")
        return cast("InService | None", found)

    def publish(self, file: Path, manifest: PublishedManifest) -> bool:
        changed: Any = self._plugin.part("publish")(file, manifest)
        if not isinstance(changed, bool):
            raise self._plugin.unfit(f"publishes and gives {type(changed).__name__}, not whether that changed anything")
        return changed


def publish(
    workspace: "Workspace", file: Path, manifest: PublishedManifest, targets: Sequence[str], section: Publish
) -> list[Served]:
    """Publishes the .tflite under the manifest, signed where the repository has a key.

    Raises:
        WeldspotError: names all targets that failed, at the end: the others are served by then.
    """
    _known(targets)
    if hashlib.sha256(file.read_bytes()).hexdigest() != manifest.sha256:
        raise WeldspotError(f"{file.name}: its SHA-256 is not the manifest's; nothing was published: `dvc repro` anew")
    sealer = Sealer(workspace, section.valid_days)
    served, problems = [], []
    for name in dict.fromkeys(targets):
        try:
            place = target(workspace, name, section, manifest.name)
            changed = place.publish(file, sealer.sealed(manifest, place))
            served.append(Served(name, manifest.version, manifest.sha256, changed))
            print(line(served[-1]))
        except Exception as error:  # the other targets are served all the same
            problems.append(f"{name}: {told(error)}")
    if problems:
        raise WeldspotError("; ".join(problems))
    return served


def publish_production(workspace: "Workspace", targets: Sequence[str] | None = None) -> list[Served]:
    """Publishes the registry's production version to these targets, or to those of params.yaml.

    While it is a canary nothing changes for the other phones; whatever else is tried ends when this is published.
    """
    from weldspot.provenance import verify
    from weldspot.registry import versions
    from weldspot.registry.model_registry import PRODUCTION, ModelRegistry

    params = parameters.load(workspace.params)
    section = params.loop.publish
    _known(targets or section.targets)  # before seconds go into asking the registry
    # locked from the question what is production: a slow one must not bring back what was rolled back meanwhile
    with locks.exclusive(workspace.lock("publish")), tempfile.TemporaryDirectory() as folder:
        found = versions.fetch(ModelRegistry(workspace, params.tracking), PRODUCTION, Path(folder))
        verify.require(workspace, found)
        course = courses.read(workspace)
        if course is not None and course.sha256 == found.sha256 and course.ending != "everywhere":
            print(
                f"publish: version {found.version} is tried on {course.share:.0%} of the phones; `weldspot canary` "
                "goes on with it, `weldspot publish --canary 100%` gives it to all"
            )
            return []
        manifest = worded(found.manifest, params.labels).as_published(found.version)
        served = publish(workspace, found.model, manifest, targets or section.targets, section)
        if course is not None and course.ending != "taken back":  # all have it, or production is another
            for slot in slots(workspace, section, params.tracking.model).values():
                slot.withdraw()
            courses.forget(workspace)
        return served


def slots(workspace: "Workspace", section: Publish, model: str) -> dict[str, Slot]:
    """Where the targets of params.yaml keep a challenger, those that can."""
    found = {}
    for name in section.targets:
        place = getattr(target(workspace, name, section, model), "canary", None)
        if place is not None:
            found[name] = place()
    return found


def served(workspace: "Workspace", params: parameters.Params) -> dict[str, InService | WeldspotError | None]:
    """What each target of params.yaml serves now, or why that can't be told."""
    section = params.loop.publish
    found: dict[str, InService | WeldspotError | None] = {}
    for name in section.targets:
        try:
            found[name] = target(workspace, name, section, params.tracking.model).served()
        except Exception as error:
            found[name] = told(error)
    return found


def _known(targets: Sequence[str]) -> None:
    unknown = [name for name in targets if resolver.wrong("targets", name, TARGETS)]
    if unknown or not targets:
        raise WeldspotError(
            f"{', '.join(unknown) or 'no target'}: choose from {', '.join(TARGETS)}, or name one of your own in "
            "plugins/targets (loop.publish)"
        )


def line(result: Served) -> str:
    """What became of one target, for people."""
    state = "now serves" if result.changed else "serves already"
    return f"{result.target} {state} version {result.version} ({result.sha256[:12]}…)"
