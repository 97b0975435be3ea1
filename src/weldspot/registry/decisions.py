"""Who decided what on a version, when and why: tags and description, to be read in MLflow."""

import getpass
import os
import socket
from collections.abc import Mapping
from datetime import UTC, datetime

from weldspot.contracts.decision import Decision, Word
from weldspot.registry.model_registry import CHECKS_TAG, ModelRegistry

_ROLLED_BACK = "promote.rolled_back"  # a tag: when; a model that was taken back does not return by the next schedule
_LONGEST = 5000  # characters: what MLflow keeps of a tag or a description where the database is not SQLite


def record(registry: ModelRegistry, version: str, word: Word, reason: str) -> None:
    """Keeps the decision (`reason` is Markdown) as the version's last one, and in front of its description."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    by = who()
    for key, value in (("decision", word), ("by", by), ("at", at), ("reason", reason)):
        registry.client.set_model_version_tag(registry.name, version, f"promote.{key}", value[:_LONGEST])
    before = registry.client.get_model_version(registry.name, version).description or ""
    entry = f"**{word}** {at} by {by}\n\n{reason}"
    text = "\n\n---\n\n".join(filter(None, [entry, before]))[:_LONGEST]
    registry.client.update_model_version(registry.name, version, text)


def who() -> str:
    """Who is at work here: the account at GitHub that began a run there, else the user on this machine."""
    return os.environ.get("GITHUB_ACTOR") or f"{_user()}@{socket.gethostname()}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user id that no table knows
        return f"uid {os.getuid()}"


def last(registry: ModelRegistry, version: str) -> Decision | None:
    """The last decision on a version; None before the first."""
    return told(registry.tags(version), version)


def told(tags: Mapping[str, str], version: str) -> Decision | None:
    """The last decision that the tags of a version tell of; None before the first."""
    if "promote.decision" not in tags:
        return None
    kept = {key: tags.get(f"promote.{key}", "") for key in ("decision", "by", "at", "reason")}
    return Decision.model_validate(kept | {"version": version})


def checks_passed(registry: ModelRegistry, version: str) -> bool:
    """Whether export's checks of this version passed."""
    return registry.tags(version).get(CHECKS_TAG) == "passed"


def rolled_back_on(registry: ModelRegistry, version: str) -> str:
    """The day on which it was taken back, "" when it was not."""
    return registry.tags(version).get(_ROLLED_BACK, "")


def mark_rolled_back(registry: ModelRegistry, version: str) -> None:
    """It was taken back today."""
    registry.client.set_model_version_tag(registry.name, version, _ROLLED_BACK, f"{datetime.now(UTC):%Y-%m-%d}")


def clear_rolled_back(registry: ModelRegistry, version: str) -> None:
    """It has been brought back."""
    if rolled_back_on(registry, version):
        registry.client.delete_model_version_tag(registry.name, version, _ROLLED_BACK)
