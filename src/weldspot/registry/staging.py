"""Which version is staging, by one rule, whichever run ends last."""

import os
from typing import TYPE_CHECKING

from weldspot.registry.model_registry import CHECKS_TAG, LIST_TAG, STAGING, ModelRegistry
from weldspot.runtime import locks

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

RULE = (
    "What `dvc repro` makes is staging when its checks pass. An experiment of DVC's, queued or not, takes its place "
    "only with a better mean AP on the same photographs; to take another, `dvc exp apply` it and export it again."
)
SCORE_TAG, SPLIT_TAG, EXPERIMENT_TAG = "test.mean_average_precision", "test.split", "dvc.exp_name"


def experiment() -> str:
    """The name of the DVC experiment that this process belongs to; "" under `dvc repro`."""
    return os.environ.get("DVC_EXP_NAME", "")


def settle(workspace: "Workspace", registry: ModelRegistry, version: str) -> str:
    """Makes a version staging if the rule says so; returns why it is not, "" when it is.

    One at a time, since a queue's workers may end together.
    """
    with locks.queued(workspace.staging_lock):
        aliases, tags = registry.aliases(), registry.tags(version)
        now = aliases.get(STAGING)
        if tags.get(CHECKS_TAG) != "passed":
            if now == version:
                registry.client.delete_registered_model_alias(registry.name, STAGING)
            return "it did not pass its checks"
        if experiment() and now not in (None, version) and (kept := _kept(tags, registry.tags(str(now)))):
            return f"version {now} stays staging: {kept}"
        registry.client.set_registered_model_alias(registry.name, STAGING, version)
        return ""


def _kept(tags: dict[str, str], staged: dict[str, str]) -> str:
    """Why an experiment with `tags` does not take the place of the version with the tags `staged`; "" when it does."""
    if tags.get(SPLIT_TAG) is None or tags.get(SPLIT_TAG) != staged.get(SPLIT_TAG):
        return "the two were measured on other photographs, which compares nothing"
    if tags.get(LIST_TAG) != staged.get(LIST_TAG):
        return "the two have other lists of classes, which compares nothing"
    ours, theirs = _number(tags), _number(staged)
    if ours is None or theirs is None:
        return "there is no mean AP to compare"
    return (
        "" if ours > theirs else f"its mean AP is {theirs:.4f}, this experiment's {ours:.4f}, on the same photographs"
    )


def _number(tags: dict[str, str]) -> float | None:
    try:
        return float(tags[SCORE_TAG])
    except (KeyError, ValueError):
        return None
