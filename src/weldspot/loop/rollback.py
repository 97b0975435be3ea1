"""weldspot rollback: the previous model is production again, and the phones get it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from weldspot.config import parameters
from weldspot.loop.notify import notify
from weldspot.registry import alias_moves, decisions
from weldspot.registry.alias_moves import Move
from weldspot.registry.model_registry import PREVIOUS, PRODUCTION, ModelRegistry
from weldspot.runtime import locks
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


def rollback(workspace: "Workspace", republish: Callable[[], object]) -> str:
    """Swaps production and previous, then calls `republish`; returns the version that is production now.

    Killed in between, the next call goes on where it stopped instead of swapping back.

    Raises:
        WeldspotError: there is no previous version.
    """
    registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
    with locks.exclusive(workspace.lock("promote")):
        move = alias_moves.pending(registry) if registry.aliases() else None
        if move is not None and move.kind == "rollback":
            print(f"rollback: going on with the one from version {move.old} to {move.new}")
        else:
            move = _swap(registry)  # a promotion that was killed has been ended by now
        _record(registry, move)
        republish()
        alias_moves.finish(registry)
    now = move.new
    print(f"rollback: version {now} is production and served again")
    notify(workspace.settings, "rolled back", f"to version {now}", f"Version {now} is production and served again.")
    return now


def _swap(registry: ModelRegistry) -> Move:
    aliases = registry.aliases()
    old, new = aliases.get(PRODUCTION), aliases.get(PREVIOUS)
    if old is None or new is None or old == new:
        raise WeldspotError(
            f"{registry.name}: no previous version to roll back to; `weldspot status` shows what there is"
        )
    move = Move("rollback", old, new)
    alias_moves.begin(registry, move)
    return move


def _record(registry: ModelRegistry, move: Move) -> None:
    """On both versions, once: the mark comes last, and tells a rollback that is recorded."""
    if move.old is None or decisions.rolled_back_on(registry, move.old):
        return
    decisions.record(registry, move.old, "rolled back", f"- production was given back to version {move.new}")
    decisions.record(registry, move.new, "restored", f"- production again, in place of version {move.old}")
    decisions.clear_rolled_back(registry, move.new)
    decisions.mark_rolled_back(registry, move.old)
