"""Every secret value that is known here, for redaction; without pydantic, since every command asks."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from dotenv import dotenv_values

from weldspot.runtime import redaction

NOTIFY = "WELDSPOT_NOTIFY"


def known_secrets(dotenv: Path) -> frozenset[str]:
    """Of the environment and of `.env`: one that the environment overrides is a secret all the same."""
    try:
        written = dotenv_values(dotenv)
    except (OSError, UnicodeDecodeError):  # who needs it says so
        written = {}
    return frozenset([*_secrets(written), *_secrets(os.environ)]) - {""}


def _secrets(variables: Mapping[str, str | None]) -> Iterator[str]:
    """The values of variables that are named like a secret, and all of notification URLs that may be one."""
    for url in (variables.get(NOTIFY) or "").split():
        yield from redaction.url_secrets(url)
    yield from redaction.named_secrets({name: value for name, value in variables.items() if name != NOTIFY})
