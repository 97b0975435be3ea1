"""weldspot publish --canary, and weldspot canary: a challenger is tried, widened, and taken back by itself.

Every step is written down in data/canary.json before anything is done: killed anywhere, the next call ends it.
"""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config import parameters
from weldspot.config.sections.loop import Publish
from weldspot.contracts.manifest import PublishedManifest
from weldspot.loop.canary.deciding import decided
from weldspot.loop.canary.standing import Standing, standing
from weldspot.loop.feedback import inbox
from weldspot.loop.publishing import course as courses
from weldspot.loop.publishing import publish
from weldspot.loop.publishing.canary_slot import Slot
from weldspot.loop.publishing.course import Course
from weldspot.loop.publishing.sealing import Sealer
from weldspot.loop.publishing.words import worded
from weldspot.provenance import verify
from weldspot.registry import alias_moves, versions
from weldspot.registry.model_registry import PREVIOUS, PRODUCTION, SHA_TAG, ModelRegistry
from weldspot.runtime import errors, locks
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

CHANNEL = "canary"  # a release of it is taken for no other


def begin(workspace: "Workspace", share: float) -> None:
    """Gives the production version to a share of the phones, where all others keep what they have; 1: to all of them.

    Raises:
        WeldspotError: a target has one model for all, or serves nothing to hold it against.
    """
    params = parameters.load(workspace.params)
    with locks.exclusive(workspace.lock("canary")), tempfile.TemporaryDirectory() as folder:
        found = versions.fetch(ModelRegistry(workspace, params.tracking), PRODUCTION, Path(folder))
        course = courses.read(workspace)
        if course is not None and course.sha256 != found.sha256:
            raise WeldspotError(f"version {course.version} is still tried; `weldspot canary` ends that first")
        if course is not None and course.ending:
            raise WeldspotError(f"version {course.version} is to be {course.ending}; `weldspot canary` ends that first")
        if share < 1:
            places = _places(workspace, params.loop.publish, params.tracking.model)
            verify.require(workspace, found)
            if course is None:
                before = _before(workspace, params, found.sha256)
                _way_back(ModelRegistry(workspace, params.tracking), before)
                first = courses.step(share, "begun")
                course = Course(version=found.version, sha256=found.sha256, before=before, steps=[first])
            elif course.share != share:
                course = course.stepped(share, "by hand", course.steps[-1].looks)
            courses.write(workspace, course)
            manifest = worded(found.manifest, params.labels).as_published(found.version)
            _offer(workspace, params.loop.publish, places, found.model, manifest, course.share)
        elif course is not None:
            courses.write(workspace, course.stepped(1.0, "by hand", course.steps[-1].looks, "everywhere"))
    if share >= 1:
        publish.publish_production(workspace)
    inbox.track(workspace)


def go_on(workspace: "Workspace", rollback: Callable[[], object]) -> Standing | None:
    """Looks at what phones have said and takes the next step; `rollback` gives production back, and publishes it.

    Returns where it stands; None when nothing is tried (any more).
    """
    params = parameters.load(workspace.params)
    with locks.exclusive(workspace.lock("canary")):
        now = standing(workspace)
        if now is None:
            return None
        course = now.course
        if not course.ending:
            course = decided(course, now.evidence, params.loop.canary)
            if course != now.course:
                courses.write(workspace, course)
                inbox.track(workspace)
        if not course.ending:
            _offered(workspace, params, course)
            print(f"canary: {Standing(course, now.evidence).line()}")
            return Standing(course, now.evidence)
    print(f"canary: version {course.version} is {course.ending}: {course.steps[-1].why}")
    _end(workspace, params, course, rollback)
    inbox.track(workspace)
    return None


def _end(workspace: "Workspace", params: parameters.Params, course: Course, rollback: Callable[[], object]) -> None:
    if course.ending == "taken back":
        for slot in publish.slots(workspace, params.loop.publish, params.tracking.model).values():
            slot.withdraw()  # at once: a rollback takes its time
        registry = ModelRegistry(workspace, params.tracking)
        if registry.aliases().get(PRODUCTION) == course.version or alias_moves.pending(registry) is not None:
            rollback()
        else:
            publish.publish_production(workspace)
        courses.forget(workspace)  # last: a rollback that is killed goes on by it
        return
    publish.publish_production(workspace)


def _offered(workspace: "Workspace", params: parameters.Params, course: Course) -> None:
    """Again where it was: a run that was killed may have left it half done; production that is another ends it."""
    places = _places(workspace, params.loop.publish, params.tracking.model)
    with locks.exclusive(workspace.lock("publish")), tempfile.TemporaryDirectory() as folder:
        found = versions.fetch(ModelRegistry(workspace, params.tracking), PRODUCTION, Path(folder))
        if found.sha256 == course.sha256:
            manifest = worded(found.manifest, params.labels).as_published(found.version)
            _offer(workspace, params.loop.publish, places, found.model, manifest, course.share)
            return
    publish.publish_production(workspace)


def _offer(
    workspace: "Workspace",
    section: Publish,
    places: Mapping[str, Slot],
    file: Path,
    manifest: PublishedManifest,
    share: float,
) -> None:
    """Brings the challenger, signed, to a share of the phones; raises WeldspotError at the end, naming what failed."""
    sealer = Sealer(workspace, section.valid_days)
    problems = []
    for name, slot in places.items():
        try:
            sealed = sealer.sealed(manifest, slot, CHANNEL)
            state = "now gives" if slot.publish(file, sealed, share) else "gives already"
            print(f"{name} {state} version {manifest.version} ({manifest.sha256[:12]}…) to {share:.0%} of the phones")
        except Exception as error:  # the other targets have it all the same
            problems.append(f"{name}: {errors.told(error)}")
    if problems:
        raise WeldspotError("; ".join(problems))


def _places(workspace: "Workspace", section: Publish, model: str) -> Mapping[str, Slot]:
    found = publish.slots(workspace, section, model)
    if missing := [name for name in section.targets if name not in found]:
        raise WeldspotError(
            f"{', '.join(missing)}: has one model for all phones, so no canary; "
            "take it out of loop.publish.targets, or publish without --canary"
        )
    return found


def _way_back(registry: ModelRegistry, before: str) -> None:
    """Raises WeldspotError where a rollback would not lead to what the phones have."""
    previous = registry.aliases().get(PREVIOUS)
    if previous is None or registry.tags(previous).get(SHA_TAG) != before:
        raise WeldspotError(
            f"phones have {before[:12]}…, which is not the previous version: a take-back would not lead there; "
            "`weldspot publish` without --canary"
        )


def _before(workspace: "Workspace", params: parameters.Params, challenger: str) -> str:
    """SHA-256 of what phones have now, the same everywhere."""
    found = publish.served(workspace, params)
    for name, served in found.items():
        if isinstance(served, WeldspotError):
            raise served
        if served is None:
            raise WeldspotError(
                f"{name} serves nothing that it could be held against; `weldspot publish` without --canary"
            )
        if served.sha256 == challenger:
            raise WeldspotError(f"{name} serves this version to all phones already")
    hashes = {
        served.sha256 for served in found.values() if served is not None and not isinstance(served, WeldspotError)
    }
    if len(hashes) > 1:
        raise WeldspotError("the targets serve different models; `weldspot rollback` or `weldspot publish` first")
    return hashes.pop()
