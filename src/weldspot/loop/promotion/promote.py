"""weldspot promote: staging becomes production, when it is at least as good on what neither has seen."""

import getpass
import os
import socket
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import mlflow
import numpy as np

from weldspot.config import parameters
from weldspot.config.sections import loop
from weldspot.runtime.errors import WeldspotError
from weldspot.images import dataset
from weldspot.loop.promotion import heldout
from weldspot.registry import alias_moves, versions
from weldspot.loop.promotion.comparison import compare
from weldspot.loop.promotion.decision import Decision, RULE, decide
from weldspot.runtime.locks import lock
from weldspot.registry.versions import Deployed

REFUSED = 12  # exit status
CHECKS_FAILED = "did not pass the checks of export"
ROLLED_BACK = "promote.rolled_back"  # a tag: when; a model that was taken back does not return by the next schedule
_MIN_IMAGES = 20  # a part with fewer photographs says nothing
_LONGEST = 5000  # characters: what MLflow keeps of a tag or a description where the database is not SQLite


def promote() -> bool:
    """Compares staging with production, moves the aliases or refuses, and records why on the version.

    Returns whether staging is production now. Raises WeldspotError when there is no staging or it can't be compared.
    """
    params, section = parameters.load(), loop.load().promote
    with lock("promote"), tempfile.TemporaryDirectory() as folder:
        aliases = versions.aliases(params)
        if aliases:
            _resume(params)
            aliases = versions.aliases(params)
        old = aliases.get(versions.PRODUCTION)
        challenger = versions.fetch(versions.STAGING, _new(folder, "challenger"))
        if challenger.version == old:
            print(f"promote: version {old} is production already; nothing to do")
            return True
        holder = versions.fetch_version(params, old, _new(folder, "production")) if old else None
        decision = _decide(params, section, challenger, holder)
        record(params, challenger.version, "promoted" if decision.passed else "refused", _words(decision))
        _say(challenger, holder, decision)
        if decision.passed:
            alias_moves.begin(params, "promote", old, challenger.version)
            alias_moves.finish(params)
        return decision.passed


def _resume(params: parameters.Params) -> None:
    """Ends a promotion that was killed between its two aliases; a rollback is ended by `weldspot rollback`."""
    if (move := alias_moves.pending(params)) and move[0] == "promote":
        alias_moves.finish(params)


def _decide(params: parameters.Params, section: loop.Promote, challenger: Deployed, holder: Deployed | None) -> Decision:
    tags = mlflow.MlflowClient().get_model_version(params.tracking.model, challenger.version).tags
    if tags.get("checks") != "passed":
        return Decision([], [f"version {challenger.version} {CHECKS_FAILED}"])
    if since := tags.get(ROLLED_BACK):
        return Decision([], [f"it was rolled back on {since}; `weldspot rollback` brings it back"])
    found = heldout.common(challenger, holder)
    answers = _answers(challenger, found.images)
    if holder is None:
        scores = challenger.manifest["metrics"]
        return Decision([f"the first production; its checks passed (mean AP {scores['mean_average_precision']:.4f})"])
    theirs = heldout.score(holder, found.images)
    parts, left_out = {}, []
    newest = found.newest if found.newest.sum() >= _MIN_IMAGES else found.feedback
    for name, wanted in (("held-out photographs", ~found.feedback), ("the newest feedback", newest)):
        rows = np.flatnonzero(wanted)
        if len(rows) >= _MIN_IMAGES:
            images = found.images.take(rows)
            parts[name] = compare(images.labels, answers[rows], theirs[rows], images.groups, section)
        else:
            left_out.append(f"{name}: {len(rows)} are new to both versions, too few to compare on ({_MIN_IMAGES})")
    if not parts:
        return Decision([], left_out)
    decision = decide(parts, section)
    return Decision([*decision.lines, *left_out], decision.refusals)


def _answers(challenger: Deployed, images: dataset.Images) -> np.ndarray:
    """The challenger's scores in the TFLite runtime; raises WeldspotError when they are none."""
    scores = heldout.score(challenger, images)
    if not np.isfinite(scores).all() or ((scores < 0) | (scores > 1)).any():
        raise WeldspotError(f"version {challenger.version}: no probabilities come from its file; run `dvc repro`")
    return scores


def record(params: parameters.Params, version: str, decision: str, words: str) -> None:
    """Who decided what, when and why: tags and description of the version, to be read in MLflow."""
    client, name = mlflow.MlflowClient(), params.tracking.model
    at = datetime.now(UTC).isoformat(timespec="seconds")
    by = os.environ.get("GITHUB_ACTOR") or f"{getpass.getuser()}@{socket.gethostname()}"
    for key, value in (("decision", decision), ("by", by), ("at", at), ("reason", words)):
        client.set_model_version_tag(name, version, f"promote.{key}", value[:_LONGEST])
    before = client.get_model_version(name, version).description or ""
    entry = f"**{decision}** {at} by {by}\n\n{words}"
    client.update_model_version(name, version, "\n\n---\n\n".join(filter(None, [entry, before]))[:_LONGEST])


def _words(decision: Decision) -> str:
    lines = [f"- {line}" for line in [*decision.refusals, *decision.lines]]
    return "\n".join([*lines, "", f"Rule: {RULE}"])


def _say(challenger: Deployed, holder: Deployed | None, decision: Decision) -> None:
    against = f" against version {holder.version}" if holder else ""
    verb = "is production now" if decision.passed else "is refused"
    print(f"promote: version {challenger.version} ({challenger.sha256[:12]}){against} {verb}")
    for line in [*decision.refusals, *decision.lines]:
        print(f"  {line}")
    if decision.passed:
        print("promote: next: `weldspot publish`")


def _new(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path
