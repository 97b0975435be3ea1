"""Moves the aliases production and previous, so that a kill in between leaves one production and a note to go on by."""

from dataclasses import dataclass
from typing import Literal

from weldspot.registry.model_registry import PREVIOUS, PRODUCTION, ModelRegistry

_NOTE = "weldspot.pending"  # a tag of the registered model: "kind old new" of a move that is under way


@dataclass(frozen=True)
class Move:
    """Production goes from version `old` (None: there was none) to `new`."""

    kind: Literal["promote", "rollback"]
    old: str | None
    new: str


def begin(registry: ModelRegistry, move: Move) -> None:
    """Notes the move, then makes it; `finish` takes the note away when all that follows from it is done."""
    note = f"{move.kind} {move.old or '-'} {move.new}"
    registry.client.set_registered_model_tag(registry.name, _NOTE, note)
    _make(registry, move)


def pending(registry: ModelRegistry) -> Move | None:
    """A move that was begun and not finished, with its aliases put right."""
    found = registry.client.get_registered_model(registry.name).tags.get(_NOTE)
    if not found:
        return None
    kind, old, new = found.split(" ")
    move = Move("rollback" if kind == "rollback" else "promote", None if old == "-" else old, new)
    _make(registry, move)
    return move


def finish(registry: ModelRegistry) -> None:
    """Forgets the note."""
    if _NOTE in registry.client.get_registered_model(registry.name).tags:
        registry.client.delete_registered_model_tag(registry.name, _NOTE)


def _make(registry: ModelRegistry, move: Move) -> None:
    # one call replaces the alias: there is never none, and never two
    registry.client.set_registered_model_alias(registry.name, PRODUCTION, move.new)
    if move.old is not None:
        registry.client.set_registered_model_alias(registry.name, PREVIOUS, move.old)
