"""The one error a user is meant to see."""

import sys


class WeldspotError(Exception):
    """What is wrong, where, and what to do next, in one line; the CLI prints it without a traceback."""


def explained(error: Exception) -> WeldspotError | None:
    """The error as a WeldspotError: itself, or what MLflow said; None for what only a traceback explains."""
    if isinstance(error, WeldspotError):
        return error
    mlflow = sys.modules.get("mlflow")
    if mlflow is None or not isinstance(error, mlflow.MlflowException):
        return None
    line = " ".join(str(error).split())[:300]
    return WeldspotError(f"MLflow at {mlflow.get_tracking_uri()} refused ({line}); see to it and run this again")
