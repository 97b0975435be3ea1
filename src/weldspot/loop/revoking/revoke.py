"""weldspot revoke: a batch, everything of an uploader, an upload or a photograph leaves the data, for good.

A note tells what was begun, and is taken away when all is done: killed anywhere, the next call ends it.
"""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from weldspot.config import parameters
from weldspot.contracts.base import Contract
from weldspot.loop.feedback import collect, inbox, ledger
from weldspot.loop.feedback.ledger import Revocation
from weldspot.loop.revoking import copies, erasure
from weldspot.loop.revoking.target import Target, meant, possible
from weldspot.loop.revoking.traces import Traces
from weldspot.registry import decisions, lineage
from weldspot.registry.model_registry import PREVIOUS, PRODUCTION, ModelRegistry, recorded
from weldspot.runtime import atomic, locks
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class Begun(Contract):
    """The note: what is taken back, its line of the ledger, and what is searched for where it is to be erased."""

    cure: ClassVar[str] = "delete it and run `weldspot revoke` again: what data/revoked.jsonl names is never collected"

    target: Target
    entry: Revocation
    counts: dict[str, int]
    traces: Traces


def revoke(workspace: "Workspace", name: str, why: str, erase: bool = False) -> None:
    """Takes back what `name` means; `why` and who are written down. With `erase` its bytes go everywhere.

    Raises:
        WeldspotError: there is nothing of that name, or several things; or it can't be ended now: run it again.
    """
    if not why.strip():
        raise WeldspotError("revoke: --why is empty; say why, it is kept")
    with locks.exclusive(workspace.lock("revoke")):
        pending = Begun.found(workspace.revoking)
        if pending is not None:
            _finish(workspace, pending)
            if pending.entry.name == name and pending.entry.erased >= erase:
                return
        _finish(workspace, _begin(workspace, name, " ".join(why.split()), erase))


def resume(workspace: "Workspace") -> None:
    """Ends what was begun and stopped, before anything else is done with the data."""
    if workspace.revoking.exists():
        with locks.exclusive(workspace.lock("revoke")):
            if pending := Begun.found(workspace.revoking):
                print(f"weldspot: revoke {pending.entry.name} goes on first", file=sys.stderr)
                _finish(workspace, pending)


def _begin(workspace: "Workspace", name: str, why: str, erase: bool) -> Begun:
    known = [entry for entry in ledger.read(workspace).entries if entry.name == name]
    found = {target: copies.find(workspace, target) for target in possible(name)}
    there = {target: its for target, its in found.items() if its}
    if not there and known:
        raise WeldspotError(
            f"revoke {name}: taken back on {known[-1].at[:10]} by {known[-1].by}; nothing of it is left in the data"
            + ("; to erase it elsewhere too, first `dvc checkout` a commit that has it" if erase else "")
        )
    target = meant(name, there)
    its = there[target]
    entry = Revocation(
        name=name,
        why=why,
        by=decisions.who(),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        erased=erase,
        uploader=target.name if target.kind == "uploader" else "",
        uploads=sorted(its.uploads),
        photographs=sorted(its.photographs),
    )
    images = its.images.values() if erase else ()
    begun = Begun(target=target, entry=entry, counts=its.counts, traces=Traces.of(images, its.photographs))
    atomic.write_bytes(workspace.revoking, begun.json_bytes())
    return begun


def _finish(workspace: "Workspace", begun: Begun) -> None:
    """Every step finds out by itself what is left to do."""
    entry = begun.entry
    with (
        locks.queued(workspace.lock("collect"), "revoke"),
        locks.queued(workspace.lock("gate"), "revoke"),
    ):
        ledger.append(workspace, entry)
        copies.remove(workspace, begun.target, set(entry.uploads))
        if entry.erased:
            _delete_at_source(workspace, begun)
        inbox.track(workspace)
    told = ", ".join(f"{count} of {where}" for where, count in begun.counts.items())
    print(f"revoke: {begun.target.kind} {begun.target.name}: {told} taken back; data.dvc is up to date")
    if begun.target.kind == "uploader":
        print("revoke: nothing that this uploader sends is collected any more")
    _mark(workspace, begun)
    if entry.erased:
        erasure.erase(workspace, begun.traces)
    workspace.revoking.unlink(missing_ok=True)
    print("revoke: next: commit data.dvc, `dvc repro` retrains without, or `weldspot retrain`")


def _delete_at_source(workspace: "Workspace", begun: Begun) -> None:
    """A bucket's copies too; those of this machine's spool are gone already."""
    params = parameters.load(workspace.params)
    if params.loop.collect.source != "local":
        source = collect.source_of(workspace, params)
        waiting = {name for name in source.names() if begun.target.means(name)}
        for name in sorted({*begun.entry.uploads, *waiting}):
            source.done(name, "delete")


def _mark(workspace: "Workspace", begun: Begun) -> None:
    """On every version that learnt from it, and a way back where production did."""
    if not begun.entry.photographs or not recorded(workspace):
        return
    registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
    aliases = registry.aliases()
    learnt, unread = lineage.learnt_from(registry, begun.entry.photographs)
    for version, count in learnt.items():
        lineage.mark_revoked(registry, version, begun.target.name, count)
        print(f"revoke: version {version} learnt from {count} of these photographs, and is marked")
    for line in unread:
        print(f"revoke: whether it learnt from them can't be told: {line}")
    production, previous = aliases.get(PRODUCTION), aliases.get(PREVIOUS)
    if production in learnt:
        way = (
            f"`weldspot rollback` gives production back to version {previous}"
            if previous and previous not in learnt
            else "no version that could take its place is without them: `dvc repro` and `weldspot promote` make one"
        )
        print(f"revoke: production is one of them, version {production}; {way}")
