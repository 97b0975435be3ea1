"""weldspot retrain: the whole loop in one command, to be run by cron, by CI or by hand, as often as one likes.

Every step finds out by itself what is left to do. Only one thing has to be remembered, that a retraining has begun:
a graph that is stale for another reason, such as a changed parameter, is nobody's drift.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from weldspot.config import parameters
from weldspot.runtime.errors import WeldspotError, explained
from weldspot.loop import summary
from weldspot.registry import versions
from weldspot.runtime import atomic, dvc_commands
from weldspot.loop.feedback.collect import collect
from weldspot.loop.drift.gate import gate
from weldspot.runtime.locks import lock
from weldspot.loop.notify import notify
from weldspot.loop.promotion.promote import CHECKS_FAILED, promote, record
from weldspot.loop.publishing.publish import publish_production
from weldspot.loop.drift.verdict import DRIFT
from weldspot.registry import registration
from weldspot.tracking import runs

EXPORT = Path("artifacts/export")
BEGUN = Path(".weldspot/retraining.json")


@dataclass
class Story:
    """What happened, for the summary."""

    outcome: str = ""
    why: str = ""
    version: str = ""  # of the new model
    promoted: bool | None = None
    served: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def retrain() -> Story:
    """Collect, judge; on drift retrain, promote, publish, tell. Writes reports/retrain/summary.md.

    Raises WeldspotError when a step failed; the next call goes on from there.
    """
    with lock("retrain"):
        story = Story()
        try:
            _steps(story)
        except Exception as error:
            if (known := explained(error)) is None:
                raise
            story.problems.append(str(known))
        finally:
            path = summary.write(story)
        print(f"retrain: summary in {path}")
        if story.problems:
            notify("failed", story.problems[0][:100], "\n".join(story.problems))
            raise WeldspotError("retrain: " + "; ".join(story.problems))
        return story


def _steps(story: Story) -> None:
    try:
        collect()
    except WeldspotError as error:  # what could not be fetched is there next time; the rest can be judged
        story.problems.append(str(error))
    story.why = _reason(story)
    if not story.why:
        publish_production()  # an earlier run may have been stopped before it; what is served already is left alone
        return
    atomic.write_file(BEGUN, json.dumps({"why": story.why}).encode())
    dvc_commands.repro()
    story.version, passed = _candidate()
    story.promoted = passed and promote()
    if story.promoted:
        story.served = [f"{one.target}: version {one.version} ({one.sha256[:12]})" for one in publish_production()]
    _tell(story)
    BEGUN.unlink(missing_ok=True)


def _candidate() -> tuple[str, bool]:
    """The version of the model in artifacts/export, made staging; (version, False) when its checks failed.

    Registers it where this registry has never seen it: then DVC restored it, and nothing was stale.
    """
    params = parameters.load()
    sha256 = json.loads((EXPORT / "manifest.json").read_text(encoding="utf-8"))["sha256"]
    runs.connect(params)
    if (version := registration.find(params.tracking.model, sha256)) is None:
        dvc_commands.register()
        version = registration.find(params.tracking.model, sha256)
        if version is None:
            raise WeldspotError(f"{EXPORT}: the registry did not take this model; see the output of export above")
    passed = registration.nominate(params.tracking.model, version)
    if not passed:
        record(params, version, "refused", f"- version {version} {CHECKS_FAILED}: reports/export/checks.json")
        print(f"retrain: version {version} {CHECKS_FAILED}; production stays")
    return version, passed


def _reason(story: Story) -> str:
    """Why to retrain; "" when there is no reason."""
    if versions.PRODUCTION not in versions.aliases(parameters.load()):
        return "there is no production model yet"
    story.outcome = gate()
    if story.outcome == DRIFT:
        notify("drift", "the world has moved", "\n".join(summary.reasons()))
        return "drift"
    if BEGUN.exists():
        return json.loads(BEGUN.read_text())["why"]
    return "drift, found by a run that was stopped" if dvc_commands.feedback_is_new() else ""


def _tell(story: Story) -> None:
    lines = [f"Why: {story.why}", *summary.decision(story.version), *story.served]
    notify("promoted" if story.promoted else "refused", f"version {story.version}", "\n".join(lines))
