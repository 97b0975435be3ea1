"""weldspot retrain: the whole loop in one command, to be run by cron, by CI or by hand, as often as one likes.

Every step finds out by itself what is left to do. Only one thing has to be remembered, that a retraining has begun:
a graph that is stale for another reason, such as a changed parameter, is nobody's drift.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from weldspot.config import schema
from weldspot.errors import WeldspotError
from weldspot.loop import durable, graph, production, summary
from weldspot.loop.collect import collect
from weldspot.loop.gate import gate
from weldspot.loop.lock import lock
from weldspot.loop.notify import notify
from weldspot.loop.promote import promote
from weldspot.loop.publish import publish_production
from weldspot.loop.verdict import DRIFT

BEGUN = Path(".weldspot/retraining.json")


@dataclass
class Story:
    """What happened, for the summary."""

    outcome: str = ""
    why: str = ""
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
        except WeldspotError as error:
            story.problems.append(str(error))
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
        return
    durable.write_file(BEGUN, json.dumps({"why": story.why}).encode())
    graph.repro()
    if production.STAGING not in production.aliases(schema.load()):
        graph.register()
    story.promoted = promote()
    if story.promoted:
        story.served = [f"{one.target}: version {one.version} ({one.sha256[:12]})" for one in publish_production()]
    _tell(story)
    BEGUN.unlink(missing_ok=True)


def _reason(story: Story) -> str:
    """Why to retrain; "" when there is no reason."""
    if production.PRODUCTION not in production.aliases(schema.load()):
        return "there is no production model yet"
    story.outcome = gate()
    if story.outcome == DRIFT:
        notify("drift", "the world has moved", "\n".join(summary.reasons()))
        return "drift"
    if BEGUN.exists():
        return json.loads(BEGUN.read_text())["why"]
    return "drift, found by a run that was stopped" if graph.feedback_is_new() else ""


def _tell(story: Story) -> None:
    version = production.aliases(schema.load()).get(production.STAGING)
    lines = [f"Why: {story.why}", *summary.decision(version), *story.served]
    notify("promoted" if story.promoted else "refused", f"version {version}", "\n".join(lines))
