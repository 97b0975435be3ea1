"""weldspot retrain: the whole loop in one command, to be run by cron, by CI or by hand, as often as one likes.

Every step finds out by itself what is left to do. Only one thing has to be remembered, that a retraining has begun:
a graph that is stale for another reason, such as a changed parameter, is nobody's drift.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from weldspot.config import parameters
from weldspot.contracts.base import Contract
from weldspot.contracts.manifest import Manifest
from weldspot.loop import summary
from weldspot.loop.canary import canary
from weldspot.loop.drift.gate import gate
from weldspot.loop.drift.judging import DRIFT
from weldspot.loop.feedback.collect import collect
from weldspot.loop.notify import Event, notify
from weldspot.loop.promotion.promote import CHECKS_FAILED, promote
from weldspot.loop.publishing.publish import Served, publish_production
from weldspot.loop.review import admission
from weldspot.loop.rollback import rollback
from weldspot.loop.story import Story
from weldspot.registry import decisions, versions
from weldspot.registry.model_registry import PREVIOUS, PRODUCTION, ModelRegistry
from weldspot.runtime import atomic, dvc_commands, locks
from weldspot.runtime.errors import WeldspotError, told
from weldspot.runtime.state_files import Damaged

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class _Begun(Contract):
    """The note that a retraining has begun."""

    cure: ClassVar[str] = "the retraining that it tells of goes on"
    why: str


def retrain(workspace: "Workspace") -> Story:
    """Collect, judge; on drift retrain, promote, publish, tell. Writes reports/retrain/summary.md.

    Raises:
        WeldspotError: a step failed; the next call goes on from there.
    """
    try:
        with locks.exclusive(workspace.lock("retrain")):
            return _told(workspace)
    except OSError as error:  # the lock can't be had: a full disk, a folder that is read-only
        _failed(workspace, [str(told(error))])
        raise told(error) from error


def _told(workspace: "Workspace") -> Story:
    """The steps, with a summary and a notification whatever becomes of them."""
    story = Story()
    try:
        _steps(workspace, story)
    except Exception as error:
        story.problems.append(str(told(error)))
    except BaseException:
        story.problems.append("it was interrupted; the next call goes on from there")
        _summary(workspace, story)
        raise
    path = _summary(workspace, story)
    if story.problems:
        _failed(workspace, story.problems)
        raise WeldspotError("retrain: " + "; ".join(story.problems))
    print(f"retrain: summary in {path}")
    return story


def _summary(workspace: "Workspace", story: Story) -> Path:
    try:
        return summary.write(workspace, story)
    except Exception as error:
        story.problems.append(f"the summary can't be written: {told(error)}")
        return workspace.summary


def _failed(workspace: "Workspace", problems: list[str]) -> None:
    try:
        notify(workspace.settings, "failed", problems[0], "\n".join(problems))
    except Exception as error:  # a `.env` that can't be read
        problems.append(f"nobody was told: {told(error)}")


def _steps(workspace: "Workspace", story: Story) -> None:
    try:
        collect(workspace)
    except Exception as error:  # what could not be fetched is there next time; the rest can be judged
        story.problems.append(str(told(error)))
    params = parameters.load(workspace.params)
    registry = ModelRegistry(workspace, params.tracking)
    tried = canary.go_on(workspace, lambda: rollback(workspace, lambda: publish_production(workspace)))
    story.why = _reason(workspace, registry, story)
    if tried is not None:
        story.tried = tried.line()
        if story.why:
            print("retrain: it waits until the canary has ended")
        story.why = ""
        return
    if not story.why:
        publish_production(workspace)  # an earlier run may have been stopped before it; what is served is left alone
        return
    atomic.write_bytes(workspace.retraining, _Begun(why=story.why).json_bytes())
    dvc_commands.repro(workspace.root)
    story.version, passed = _candidate(workspace, registry)
    story.promoted = passed and promote(workspace)
    if story.promoted:
        served = _published(workspace, registry, params.loop.canary.share)
        story.served = [f"{one.target}: version {one.version} ({one.sha256[:12]})" for one in served]
    _tell(workspace, story)
    workspace.retraining.unlink(missing_ok=True)


def _published(workspace: "Workspace", registry: ModelRegistry, share: float) -> list[Served]:
    """On all phones, or on a share of them first, where they have a model already."""
    if share < 1 and PREVIOUS in registry.aliases():
        canary.begin(workspace, share)
        return []
    return publish_production(workspace)


def _candidate(workspace: "Workspace", registry: ModelRegistry) -> tuple[str, bool]:
    """The version of the model in artifacts/export, made staging; (version, False) when its checks failed.

    Registers it where this registry has never seen it, then DVC restored it and nothing was stale; and where the files
    that the registry had of it are gone or damaged: that a version has its SHA-256 as a tag says nothing of them.
    """
    export = workspace.artifact("export")
    sha256 = Manifest.read(export / "manifest.json").sha256
    if (version := registry.find(sha256)) is None or versions.ails(registry, version):
        dvc_commands.repro_anew(workspace.root, "export")
        version = registry.find(sha256)
        if version is None:
            raise WeldspotError(f"{export}: the registry did not take this model; see the output of export above")
    passed = registry.nominate(version)
    if not passed:
        reason = f"- version {version} {CHECKS_FAILED}: reports/export/checks.json"
        decisions.record(registry, version, "refused", reason)
        print(f"retrain: version {version} {CHECKS_FAILED}; production stays")
    return version, passed


def _reason(workspace: "Workspace", registry: ModelRegistry, story: Story) -> str:
    """Why to retrain; "" when there is no reason."""
    if PRODUCTION not in registry.aliases():
        return "there is no production model yet"
    story.outcome = gate(workspace)
    story.unreviewed = admission.pending(workspace, parameters.load(workspace.params).loop)
    drift = story.outcome == DRIFT
    if drift:
        waiting = [f"{story.unreviewed} corrections wait for a reviewer: `weldspot review`"] * bool(story.unreviewed)
        lines = [*waiting, *summary.reasons(workspace)]
        notify(workspace.settings, "drift", "; ".join(["the world has moved", *waiting]), "\n".join(lines))
    elif begun := _begun(workspace):
        return begun
    if "data/feedback" in dvc_commands.changed_dependencies(workspace.root, "ingest"):
        return "drift" if drift else "what was admitted has changed: by a run that was stopped, or `weldspot revoke`"
    return _begun(workspace)  # none after a drift of which all waits for a reviewer


def _begun(workspace: "Workspace") -> str:
    """Why a retraining was begun that has not ended; "" when there is none. That it was counts, not what is told."""
    try:
        found = _Begun.found(workspace.retraining)
    except Damaged as error:
        print(f"retrain: {error}", file=sys.stderr)
        return f"one was begun ({error})"
    return found.why if found else ""


def _tell(workspace: "Workspace", story: Story) -> None:
    lines = [f"Why: {story.why}", *summary.decision(workspace, story.version), *story.served]
    event: Event = "promoted" if story.promoted else "refused"
    notify(workspace.settings, event, f"version {story.version}", "\n".join(lines))
