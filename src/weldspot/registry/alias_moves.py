"""Moves the aliases production and previous, so that a kill in between leaves one production and a note to go on by."""

import mlflow

from weldspot.config import parameters
from weldspot.registry import versions

PENDING = "weldspot.pending"  # a tag of the registered model: "kind old new" of a move that is under way


def begin(params: parameters.Params, kind: str, old: str | None, new: str) -> None:
    """Notes the move, then makes it; `finish` takes the note away when all that follows from it is done."""
    mlflow.MlflowClient().set_registered_model_tag(params.tracking.model, PENDING, f"{kind} {old or '-'} {new}")
    _move(params, old, new)


def pending(params: parameters.Params) -> tuple[str, str | None, str] | None:
    """(kind, old, new) of a move that was begun and not finished, with its aliases put right."""
    found = mlflow.MlflowClient().get_registered_model(params.tracking.model).tags.get(PENDING)
    if not found:
        return None
    kind, old, new = found.split(" ")
    before = None if old == "-" else old
    _move(params, before, new)
    return kind, before, new


def finish(params: parameters.Params) -> None:
    client = mlflow.MlflowClient()
    if PENDING in client.get_registered_model(params.tracking.model).tags:
        client.delete_registered_model_tag(params.tracking.model, PENDING)


def _move(params: parameters.Params, old: str | None, new: str) -> None:
    client = mlflow.MlflowClient()
    # one call replaces the alias: there is never none, and never two
    client.set_registered_model_alias(params.tracking.model, versions.PRODUCTION, new)
    if old is not None:
        client.set_registered_model_alias(params.tracking.model, versions.PREVIOUS, old)
