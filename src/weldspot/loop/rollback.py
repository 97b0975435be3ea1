"""weldspot rollback: the previous model is production again, and the phones get it."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config import parameters
from weldspot.loop.notify import notify
from weldspot.provenance import verify
from weldspot.registry import alias_moves, class_lists, decisions, versions
from weldspot.registry.alias_moves import Move
from weldspot.registry.model_registry import LIST_TAG, PREVIOUS, PRODUCTION, REVOKED_TAG, ModelRegistry
from weldspot.runtime import locks
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


def rollback(workspace: "Workspace", republish: Callable[[], object]) -> str:
    """Swaps production and previous, then calls `republish`; returns the version that is production now.

    Killed in between, the next call goes on where it stopped instead of swapping back.

    Raises:
        WeldspotError: there is no previous version, or its files are not whole: then nothing is moved.
    """
    registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
    with locks.exclusive(workspace.lock("promote")):
        move = alias_moves.pending(registry) if registry.aliases() else None
        if move is not None and move.kind == "rollback":
            print(f"rollback: going on with the one from version {move.old} to {move.new}")
            lost = _lost(registry, move.old, move.new)
        else:
            move, lost = _swap(workspace, registry)  # a promotion that was killed has been ended by now
        _record(registry, move, lost)
        republish()
        alias_moves.finish(registry)
    now = move.new
    told = "; ".join([f"version {now} is production and served again", *lost])
    print(f"rollback: {told}")
    notify(workspace.settings, "rolled back", f"to version {now}", f"{told[0].upper()}{told[1:]}.")
    return now


def _swap(workspace: "Workspace", registry: ModelRegistry) -> tuple[Move, list[str]]:
    """The move that was begun, and what is lost by it."""
    aliases = registry.aliases()
    old, new = aliases.get(PRODUCTION), aliases.get(PREVIOUS)
    if old is None or new is None or old == new:
        raise WeldspotError(
            f"{registry.name}: no previous version to roll back to; `weldspot status` shows what there is"
        )
    lost = _lost(registry, old, new)  # raises where its files are not whole: then nothing is moved
    verify.require_version(workspace, registry, new)
    move = Move("rollback", old, new)
    alias_moves.begin(registry, move)
    return move, lost


def _record(registry: ModelRegistry, move: Move, lost: list[str]) -> None:
    """On both versions, once: the mark comes last, and tells a rollback that is recorded."""
    if move.old is None or decisions.rolled_back_on(registry, move.old):
        return
    grounds = "\n".join(f"- {line}" for line in [f"production again, in place of version {move.old}", *lost])
    decisions.record(registry, move.old, "rolled back", f"- production was given back to version {move.new}")
    decisions.record(registry, move.new, "restored", grounds)
    decisions.clear_rolled_back(registry, move.new)
    decisions.mark_rolled_back(registry, move.old)


def _lost(registry: ModelRegistry, old: str | None, new: str) -> list[str]:
    """Sentences on the classes that production knew and knows no longer, and on another list; none without either."""
    unknown = _unknown(registry, new)
    if old is None:
        return []
    tags = (registry.tags(version).get(LIST_TAG, "") for version in (new, old))
    other = class_lists.between(*tags)
    told = [f"its list of classes is another (it {other}): phones show that one again"] if other else []
    if revoked := registry.tags(new).get(REVOKED_TAG):
        told.append(f"it learnt from photographs that were taken back ({revoked})")
    if not unknown:
        return told
    try:
        before = _unknown(registry, old)
    except WeldspotError:  # what is gone or damaged of the one that leaves does not keep it
        before = []
    lost = ", ".join(name for name in unknown if name not in before)
    return [*told, f"it does not know {lost}, which version {old} knows: phones no longer show that"] if lost else told


def _unknown(registry: ModelRegistry, version: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        found = versions.unknown_classes(versions.fetch_version(registry, version, Path(folder)))
    versions.tag_unknown(registry, version, found)  # of one that was registered before they were tagged
    return found
