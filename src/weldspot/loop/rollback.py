"""weldspot rollback: the previous model is production again, and the phones get it."""

from collections.abc import Callable
from datetime import UTC, datetime

import mlflow

from weldspot.config import parameters
from weldspot.runtime.errors import WeldspotError
from weldspot.loop.promotion import promote
from weldspot.registry import alias_moves, versions
from weldspot.runtime.locks import lock
from weldspot.loop.notify import notify


def rollback(republish: Callable[[], object]) -> str:
    """Swaps production and previous, then calls `republish`; returns the version that is production now.

    Killed in between, the next call goes on where it stopped instead of swapping back. Raises WeldspotError when there
    is no previous version.
    """
    params = parameters.load()
    with lock("promote"):
        move = alias_moves.pending(params) if versions.aliases(params) else None
        if move and move[0] == "rollback":
            print(f"rollback: going on with the one from version {move[1]} to {move[2]}")
            now = move[2]
        else:
            now = _swap(params, versions.aliases(params))  # a promotion that was killed has been ended by now
        republish()
        alias_moves.finish(params)
    print(f"rollback: version {now} is production and served again")
    notify("rolled back", f"to version {now}", f"Version {now} is production and served again.")
    return now


def _swap(params: parameters.Params, aliases: dict[str, str]) -> str:
    old, new = aliases.get(versions.PRODUCTION), aliases.get(versions.PREVIOUS)
    if old is None or new is None or old == new:
        raise WeldspotError(
            f"{params.tracking.model}: no previous version to roll back to; `weldspot status` shows what there is"
        )
    promote.record(params, old, "rolled back", f"- production was given back to version {new}")
    promote.record(params, new, "restored", f"- production again, in place of version {old}")
    client = mlflow.MlflowClient()
    client.set_model_version_tag(params.tracking.model, old, promote.ROLLED_BACK, f"{datetime.now(UTC):%Y-%m-%d}")
    if promote.ROLLED_BACK in client.get_model_version(params.tracking.model, new).tags:
        client.delete_model_version_tag(params.tracking.model, new, promote.ROLLED_BACK)
    alias_moves.begin(params, "rollback", old, new)
    return new
