"""weldspot retrain: the whole loop in one command, to be run by cron, by CI or by hand, as often as one likes.

Every step finds out by itself what is left to do. Only one thing has to be remembered, that a retraining has begun:
a graph that is stale for another reason, such as a changed parameter, is nobody's drift.
"""

import json
from typing import TYPE_CHECKING

from weldspot.config import parameters
from weldspot.contracts.manifest import Manifest
from weldspot.loop import summary
from weldspot.loop.drift.gate import gate
from weldspot.loop.drift.judging import DRIFT
from weldspot.loop.feedback.collect import collect
from weldspot.loop.notify import Event, notify
from weldspot.loop.promotion.promote import CHECKS_FAILED, promote
from weldspot.loop.publishing.publish import publish_production
from weldspot.loop.story import Story
from weldspot.registry import decisions
from weldspot.registry.model_registry import PRODUCTION, ModelRegistry
from weldspot.runtime import atomic, dvc_commands, locks
from weldspot.runtime.errors import WeldspotError, explained

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


def retrain(workspace: "Workspace") -> Story:
    """Collect, judge; on drift retrain, promote, publish, tell. Writes reports/retrain/summary.md.

    Raises:
        WeldspotError: a step failed; the next call goes on from there.
    """
    with locks.exclusive(workspace.lock("retrain")):
        story = Story()
        try:
            _steps(workspace, story)
        except Exception as error:
            if (known := explained(error)) is None:
                raise
            story.problems.append(str(known))
        finally:
            path = summary.write(workspace, story)
        print(f"retrain: summary in {path}")
        if story.problems:
            notify(workspace.settings, "failed", story.problems[0][:100], "\n".join(story.problems))
            raise WeldspotError("retrain: " + "; ".join(story.problems))
        return story


def _steps(workspace: "Workspace", story: Story) -> None:
    try:
        collect(workspace)
    except WeldspotError as error:  # what could not be fetched is there next time; the rest can be judged
        story.problems.append(str(error))
    registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
    story.why = _reason(workspace, registry, story)
    if not story.why:
        publish_production(workspace)  # an earlier run may have been stopped before it; what is served is left alone
        return
    atomic.write_bytes(workspace.retraining, json.dumps({"why": story.why}).encode())
    dvc_commands.repro(workspace.root)
    story.version, passed = _candidate(workspace, registry)
    story.promoted = passed and promote(workspace)
    if story.promoted:
        served = publish_production(workspace)
        story.served = [f"{one.target}: version {one.version} ({one.sha256[:12]})" for one in served]
    _tell(workspace, story)
    workspace.retraining.unlink(missing_ok=True)


def _candidate(workspace: "Workspace", registry: ModelRegistry) -> tuple[str, bool]:
    """The version of the model in artifacts/export, made staging; (version, False) when its checks failed.

    Registers it where this registry has never seen it: then DVC restored it, and nothing was stale.
    """
    export = workspace.artifact("export")
    sha256 = Manifest.read(export / "manifest.json").sha256
    if (version := registry.find(sha256)) is None:
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
    if story.outcome == DRIFT:
        notify(workspace.settings, "drift", "the world has moved", "\n".join(summary.reasons(workspace)))
        return "drift"
    if workspace.retraining.exists():
        return str(json.loads(workspace.retraining.read_text(encoding="utf-8"))["why"])
    if "data/feedback" in dvc_commands.changed_dependencies(workspace.root, "ingest"):
        return "drift, found by a run that was stopped"
    return ""


def _tell(workspace: "Workspace", story: Story) -> None:
    lines = [f"Why: {story.why}", *summary.decision(workspace, story.version), *story.served]
    event: Event = "promoted" if story.promoted else "refused"
    notify(workspace.settings, event, f"version {story.version}", "\n".join(lines))
