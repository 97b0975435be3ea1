"""The one error a user is meant to see."""

import os
import sys

from weldspot.runtime.redaction import named_secrets, redact


class WeldspotError(Exception):
    """What is wrong, where, and what to do next, in one line; the CLI prints it without a traceback."""

    def line(self) -> str:
        """The message as one line, whatever a name in it holds."""
        return "".join(c if c.isprintable() else " " if c.isspace() else ascii(c)[1:-1] for c in str(self))


def explained(error: Exception) -> WeldspotError | None:
    """The error as a WeldspotError: itself, or what MLflow said; None for what only a traceback explains."""
    if isinstance(error, WeldspotError):
        return error
    mlflow = sys.modules.get("mlflow")
    if mlflow is None or not isinstance(error, mlflow.MlflowException):
        return None
    secrets = list(named_secrets(os.environ))
    line = redact(" ".join(str(error).split()), secrets)[:300]  # whole, then cut: half a password is not known as one
    where = redact(mlflow.get_tracking_uri(), secrets)
    return WeldspotError(f"MLflow at {where} refused ({line}); see to it and run this again")
