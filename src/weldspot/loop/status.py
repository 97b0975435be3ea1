"""weldspot status: the whole loop on one screen."""

import json

from weldspot.config import parameters
from weldspot.runtime.errors import WeldspotError
from weldspot.loop.feedback import feedback_batches, inbox
from weldspot.loop.publishing import publish
from weldspot.registry import versions
from weldspot.runtime import dvc_commands
from weldspot.loop.drift.gate import VERDICT
from weldspot.loop.retrain import BEGUN
from weldspot.loop.feedback.spool import Spool


def status() -> str:
    """Lines of text: graph, versions, what each target serves, feedback, last verdict."""
    params = parameters.load()
    aliases = versions.aliases(params)
    lines = [f"graph       {_graph()}"]
    for alias in (versions.STAGING, versions.PRODUCTION, versions.PREVIOUS):
        lines.append(f"{alias:<11} {_version(params, aliases.get(alias))}")
    for name, served in publish.served(params).items():
        lines.append(f"{name:<11} {_served(served, aliases.get(versions.PRODUCTION))}")
    return "\n".join([*lines, f"feedback    {_feedback()}", f"last gate   {_gate()}"])


def _graph() -> str:
    try:
        changed = dvc_commands.stale()
    except WeldspotError as error:
        return str(error)
    begun = "; a retraining has begun: `weldspot retrain` goes on" if BEGUN.exists() else ""
    stages = [name for name in changed if not name.endswith(".dvc")]
    return (f"stale: {', '.join(stages)}; `dvc repro`" if stages else "up to date") + begun


def _version(params: parameters.Params, version: str | None) -> str:
    if version is None:
        return "none"
    import mlflow

    tags = mlflow.MlflowClient().get_model_version(params.tracking.model, version).tags
    told = tags.get("promote.decision", "not judged yet")
    words = [f"version {version}", tags.get("sha256", "")[:12], f"checks {tags.get('checks')}", told]
    return "  ".join([*words, tags.get("promote.at", "")]).rstrip()


def _served(served: dict | WeldspotError | None, wanted: str | None) -> str:
    if isinstance(served, WeldspotError):
        return f"can't be told: {served}"
    if served is None:
        return "serves nothing; `weldspot publish`"
    behind = "" if str(served["version"]) == wanted else f", but production is {wanted}; `weldspot publish`"
    return f"serves version {served['version']}  {served['sha256'][:12]}{behind}"


def _feedback() -> str:
    new = sum(inbox.sizes(inbox.unjudged()))
    all_of_it = sum(inbox.sizes(inbox.waiting()))
    known = feedback_batches.known()
    spooled = sum(name not in known for name in Spool().names())
    admitted = len(list(inbox.ADMITTED.glob("*.parquet")))
    bad = len(list(feedback_batches.QUARANTINE.glob("*.json")))
    return (
        f"{spooled} to collect, {all_of_it} wait in the inbox ({new} not judged), {admitted} batch(es) admitted, "
        f"{bad} in quarantine"
    )


def _gate() -> str:
    if not VERDICT.exists():
        return "none here; `weldspot gate`"
    facts = json.loads(VERDICT.read_text(encoding="utf-8"))
    first = f": {facts['reasons'][0]}" if facts["reasons"] else ""
    return f"{facts['outcome']} on {facts['images']} photographs, {facts['at']}{first}"
