"""The token that the server asks for: from a file or the environment, never of a command line, which all users see."""

import re
import secrets
from pathlib import Path

from pydantic import SecretStr

from weldspot.runtime.errors import WeldspotError

_SHORTEST, _FEWEST = 16, 8  # letters, and different ones
_CURE = 'make one: python -c "import secrets; print(secrets.token_urlsafe(16))"'


def given(file: Path | None, variable: SecretStr) -> str:
    """The token in the file, else in WELDSPOT_TOKEN; "" where there is neither.

    Raises:
        WeldspotError: the file can't be read, or the token can't stand in an address or may be guessed.
    """
    if file is None:
        return _usable(variable.get_secret_value().strip(), "WELDSPOT_TOKEN") if variable.get_secret_value() else ""
    try:
        said = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise WeldspotError(f"--token-file {file}: can't be read ({error}); {_CURE}") from None
    return _usable(said, f"--token-file {file}")


def made() -> str:
    """One of 128 bits."""
    return secrets.token_urlsafe(16)


def _usable(token: str, where: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]*", token):
        raise WeldspotError(f"{where}: only letters, digits and . _ ~ + / = - can stand in an address; {_CURE}")
    if len(token) < _SHORTEST or len(set(token)) < _FEWEST:
        wanted = f"{_SHORTEST} letters, {_FEWEST} of them different"
        raise WeldspotError(f"{where}: a token of {len(token)} letters may be guessed; it needs {wanted}; {_CURE}")
    return token
