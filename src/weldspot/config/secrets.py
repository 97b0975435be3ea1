"""Every secret value that is known here, for redaction; without pydantic, since every command asks."""

import os
from collections.abc import Callable, Iterator, Mapping
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


class Redactor:
    """Blanks out of a text what is secret now; `dotenv` may change while a command line is read."""

    def __init__(self, dotenv: Callable[[], Path]) -> None:
        self._dotenv = dotenv
        self._known: tuple[Path, frozenset[str]] | None = None

    def __call__(self, text: str) -> str:
        path = self._dotenv()
        if self._known is None or self._known[0] != path:
            self._known = path, known_secrets(path)
        return redaction.redact(text, self._known[1])


def _secrets(variables: Mapping[str, str | None]) -> Iterator[str]:
    """The values of variables that are named like a secret, and all of notification URLs that may be one."""
    for url in (variables.get(NOTIFY) or "").split():
        yield from redaction.url_secrets(url)
    yield from redaction.named_secrets({name: value for name, value in variables.items() if name != NOTIFY})
