"""The one error a user is meant to see."""

import errno
import os
import sys
import traceback
from pathlib import Path

from weldspot.runtime.redaction import named_secrets, redact


class WeldspotError(Exception):
    """What is wrong, where, and what to do next, in one line; the CLI prints it without a traceback."""

    def line(self) -> str:
        """The message as one line, whatever a name in it holds."""
        return "".join(c if c.isprintable() else " " if c.isspace() else ascii(c)[1:-1] for c in str(self))


_CODE = Path(__file__).resolve().parents[1]
_CURES = {
    errno.ENOSPC: "free some space and run this again",
    errno.EDQUOT: "free some space and run this again",
    errno.EFBIG: "lift the limit on the size of files and run this again",
    errno.EROFS: "make it writable and run this again",
    errno.EACCES: "correct its permissions and run this again",
    errno.EPERM: "correct its permissions and run this again",
    errno.EMFILE: "lift the limit on open files and run this again",
}


def explained(error: Exception) -> WeldspotError | None:
    """The error as a WeldspotError: itself, or what MLflow said; None for what only a traceback explains."""
    if isinstance(error, WeldspotError):
        return error
    mlflow = sys.modules.get("mlflow")
    if mlflow is None:
        return None
    if not isinstance(error, mlflow.MlflowException) and not _of_server(error, mlflow.get_tracking_uri()):
        return None
    secrets = list(named_secrets(os.environ))
    line = redact(" ".join(str(error).split()), secrets)[:300]  # whole, then cut: half a password is not known as one
    where = redact(mlflow.get_tracking_uri(), secrets)
    return WeldspotError(f"MLflow at {where} refused ({line}); see to it and run this again")


def _of_server(error: Exception, server: str) -> bool:
    """Whether it is what MLflow lets through of requests: a server that takes or gives no artifact."""
    url = getattr(getattr(error, "request", None), "url", None)
    return isinstance(url, str) and url.startswith(server)


def told(error: Exception) -> WeldspotError:
    """Any error as one line: explained, or what the system refused, or a fault of the code and the place of it."""
    if (known := explained(error)) is not None:
        return known
    if isinstance(error, OSError) and error.errno is not None:
        where = error.filename if isinstance(error.filename, str | Path) else "the system"
        cure = _CURES.get(error.errno, "see to it and run this again")
        return WeldspotError(f"{where}: {error.strerror or error}; {cure}")
    words = " ".join(str(error).split())[:300]
    return WeldspotError(f"{type(error).__name__} in {_place(error)} ({words}); a fault of WeldSpot itself: report it")


def _place(error: Exception) -> str:
    """Where in our own code it was raised, or in whoever's."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_CODE)]
    chosen = ours or frames
    return f"{Path(chosen[-1].filename).name}, line {chosen[-1].lineno}" if chosen else "an unknown place"
