"""Moves the aliases production and previous, so that a kill in between leaves one production and a note to go on by.

Within a checkout a lock keeps two movers apart. Those of several, that share a server, know of each other by the note
alone: MLflow has no compare-and-set, so a mover writes its note, looks whether it is still there and production is
still what was judged, moves, and looks again. Whom another one has overtaken says so, and what moved is the other's.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from weldspot.registry.model_registry import PREVIOUS, PRODUCTION, ModelRegistry
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from mlflow.entities.model_registry import RegisteredModel

_NOTE = "weldspot.pending"  # a tag of the registered model: "kind old new" of a move that is under way


class Overtaken(WeldspotError):
    """Another mover, of another checkout on the same server, was faster."""


@dataclass(frozen=True)
class Move:
    """Production goes from version `old` (None: there was none) to `new`."""

    kind: Literal["promote", "rollback"]
    old: str | None
    new: str

    def note(self) -> str:
        """The move as a word for each of its parts."""
        return f"{self.kind} {self.old or '-'} {self.new}"


def begin(registry: ModelRegistry, move: Move) -> None:
    """Notes the move, then makes it; `finish` takes the note away when all that follows from it is done.

    Raises:
        Overtaken: production is no longer the version that the move was decided on.
    """
    _leave(registry, move)
    model = _expected(registry, move, (move.old, move.new))
    if model.tags.get(_NOTE) not in (None, move.note()):  # None: another look has ended this move already
        raise Overtaken(
            f"{registry.name}: another checkout moves production at this moment ({model.tags[_NOTE]}), so nothing was "
            "moved; run this again when it has"
        )
    _make(registry, move)
    _expected(registry, move, (move.new,))


def _leave(registry: ModelRegistry, move: Move) -> None:
    """Writes the note, once more where another one's came in the same moment: a database can refuse the second."""
    import mlflow

    try:
        registry.client.set_registered_model_tag(registry.name, _NOTE, move.note())
    except mlflow.MlflowException:
        if _NOTE not in registry.client.get_registered_model(registry.name).tags:
            raise
        registry.client.set_registered_model_tag(registry.name, _NOTE, move.note())


def pending(registry: ModelRegistry) -> Move | None:
    """A move that was begun and not finished, with its aliases put right.

    The note of one that was stopped, and from which another mover went on, goes: it would undo what came after.
    """
    model = registry.client.get_registered_model(registry.name)
    found = model.tags.get(_NOTE)
    if not found:
        return None
    kind, old, new = found.split(" ")
    move = Move("rollback" if kind == "rollback" else "promote", None if old == "-" else old, new)
    if _production(model) not in (move.old, move.new):
        finish(registry)
        return None
    _make(registry, move)
    return move


def finish(registry: ModelRegistry) -> None:
    """Forgets the note."""
    if _NOTE in registry.client.get_registered_model(registry.name).tags:
        registry.client.delete_registered_model_tag(registry.name, _NOTE)


def _expected(registry: ModelRegistry, move: Move, versions: tuple[str | None, ...]) -> "RegisteredModel":
    """The registered model as it is now; raises Overtaken where production is none of these versions."""
    model = registry.client.get_registered_model(registry.name)
    now = _production(model)
    if now not in versions:
        if model.tags.get(_NOTE) == move.note():
            finish(registry)
        raise Overtaken(
            f"{registry.name}: while this was decided, with version {move.old or 'none'} as production, another "
            f"checkout made that version {now or 'none'}, which stays; see `weldspot status`, then run this again"
        )
    return model


def _production(model: "RegisteredModel") -> str | None:
    found = model.aliases.get(PRODUCTION)
    return None if found is None else str(found)


def _make(registry: ModelRegistry, move: Move) -> None:
    # one call replaces the alias: there is never none, and never two
    registry.client.set_registered_model_alias(registry.name, PRODUCTION, move.new)
    if move.old is not None:
        registry.client.set_registered_model_alias(registry.name, PREVIOUS, move.old)
