"""weldspot status: the whole loop on one screen."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from weldspot.config import parameters
from weldspot.contracts.served import ServedManifest
from weldspot.loop import loop_state
from weldspot.loop.loop_state import LoopState
from weldspot.loop.publishing import publish
from weldspot.loop.publishing.publish import InService
from weldspot.registry import class_lists, decisions
from weldspot.registry.glance import Glance, glance
from weldspot.registry.model_registry import (
    CHECKS_TAG,
    LIST_TAG,
    PREVIOUS,
    PRODUCTION,
    REVOKED_TAG,
    SHA_TAG,
    STAGING,
    UNKNOWN_TAG,
)
from weldspot.runtime import dvc_commands
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged
from weldspot.signing import releases, trust

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


def status(workspace: "Workspace") -> str:
    """Lines of text: graph, versions, what each target serves, feedback, last verdict.

    Raises:
        WeldspotError: feedback is damaged; what that is, and what to do.
    """
    params = parameters.load(workspace.params)
    with ThreadPoolExecutor(1) as pool:
        graph = pool.submit(_graph, workspace)  # DVC is a process of its own, and as slow as all of the rest
        found = glance(workspace, params.tracking)
        lines = [
            f"{alias:<11} {_version(found, alias, params.labels.names)}" for alias in (STAGING, PRODUCTION, PREVIOUS)
        ]
        for name, served in publish.served(workspace, params).items():
            lines.append(f"{name:<11} {_served(served, found.aliases.get(PRODUCTION))}{_signed(workspace, served)}")
        state = loop_state.read(workspace)
        _refuse_damaged(state)
        lines += [f"damaged     {one}" for one in _besides(workspace, state)]
        lines += [f"canary      {state.canary.line()}"] if state.canary else []
        lines += [f"feedback    {_feedback(state)}", f"last gate   {_gate(workspace, state)}"]
        return "\n".join([f"graph       {graph.result()}", *lines])


def _graph(workspace: "Workspace") -> str:
    try:
        changed = dvc_commands.stale(workspace.root)
    except WeldspotError as error:
        return str(error)
    begun = "; a retraining has begun: `weldspot retrain` goes on" if workspace.retraining.exists() else ""
    if workspace.revoking.exists():
        begun += "; a revocation has begun: `weldspot collect` goes on with it"
    stages = [name for name in changed if not name.endswith(".dvc")]
    return (f"stale: {', '.join(stages)}; `dvc repro`" if stages else "up to date") + begun


def _version(found: Glance, alias: str, classes: Sequence[str]) -> str:
    version = found.aliases.get(alias)
    if version is None:
        return "none"
    tags = found.tags[version]
    decision = decisions.told(tags, version)
    told, at = (decision.decision, decision.at) if decision else ("not judged yet", "")
    unknown = f"does not know {tags[UNKNOWN_TAG]}" if tags.get(UNKNOWN_TAG) else ""
    other = class_lists.difference(tags.get(LIST_TAG, ""), classes)
    revoked = f"learnt from feedback that was taken back ({tags[REVOKED_TAG]})" if tags.get(REVOKED_TAG) else ""
    if revoked and alias == PRODUCTION:
        revoked += _way_back(found)
    words = [
        f"version {version}",
        tags.get(SHA_TAG, "")[:12],
        f"checks {tags.get(CHECKS_TAG)}",
        told,
        at,
        unknown,
        revoked,
    ]
    return "  ".join(filter(None, [*words, f"{other} (docs/labels.md)" if other else ""]))


def _way_back(found: Glance) -> str:
    previous = found.aliases.get(PREVIOUS)
    clean = previous is not None and not found.tags[previous].get(REVOKED_TAG)
    return f"; `weldspot rollback` goes back to version {previous}" if clean else "; `dvc repro` makes one without"


def _served(served: InService | WeldspotError | None, wanted: str | None) -> str:
    if isinstance(served, WeldspotError):
        return f"can't be told: {served}"
    if served is None:
        return "serves nothing; `weldspot publish`"
    behind = "" if served.version == wanted else f", but production is {wanted}; `weldspot publish`"
    return f"serves version {served.version}  {served.sha256[:12]}{behind}"


def _signed(workspace: "Workspace", served: InService | WeldspotError | None) -> str:
    """Until when phones take it in, where the repository has a key."""
    if not isinstance(served, ServedManifest) or not workspace.trust.exists():
        return ""
    try:
        known = trust.read(workspace)
        return f", signed until {releases.opened(served, known).expires[:10]}" if known else ""
    except WeldspotError as error:
        return f", but {error}: `weldspot publish`"


def _besides(workspace: "Workspace", state: LoopState) -> list[Damaged]:
    """What is damaged in data/ beside the feedback, of which the rest can be told."""
    return [
        one for one in state.damaged if one.path.is_relative_to(workspace.data) and one not in state.feedback.damaged
    ]


def _refuse_damaged(state: LoopState) -> None:
    """Raises WeldspotError about the feedback that can't be read: a count without it would mislead."""
    if damaged := state.feedback.damaged:
        more = f" (and {len(damaged) - 1} more)" if len(damaged) > 1 else ""
        raise WeldspotError(f"{damaged[0]}{more}")


def _feedback(state: LoopState) -> str:
    found = state.feedback
    return (
        f"{found.received} to collect, {found.waiting} wait in the inbox ({found.unjudged} not judged), "
        f"{found.admitted_batches} batch(es) admitted, {found.quarantined} in quarantine"
        + (f", {found.refused} refused by reviewers" if found.refused else "")
        + (f"; {state.unreviewed} wait for a reviewer: `weldspot review`" if state.unreviewed else "")
    )


def _gate(workspace: "Workspace", state: LoopState) -> str:
    verdict = state.verdict
    if told := [str(one) for one in state.damaged if one.path == workspace.verdict]:
        return told[0]
    if verdict is None:
        return "none here; `weldspot gate`"
    first = f": {verdict.reasons[0]}" if verdict.reasons else ""
    return f"{verdict.outcome} on {verdict.images} photographs, {verdict.at}{first}"
