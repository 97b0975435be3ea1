"""One line of the doctor's screen."""

from dataclasses import dataclass
from typing import Literal

Mark = Literal["ok", "warning", "missing"]


@dataclass(frozen=True)
class Finding:
    """What was looked at, what was found, what to do ("" where `found` says it).

    `stops`: without it `dvc repro` can't run here.
    """

    topic: str
    mark: Mark
    found: str
    cure: str = ""
    stops: bool = False


def ok(topic: str, found: str) -> Finding:
    """As it should be, or not needed here."""
    return Finding(topic, "ok", found)


def warning(topic: str, found: str, cure: str) -> Finding:
    """It goes without, or not for long."""
    return Finding(topic, "warning", found, cure)


def missing(topic: str, found: str, cure: str = "", stops: bool = False) -> Finding:
    """What needs it does not go here; `stops` where that is `dvc repro` itself."""
    return Finding(topic, "missing", found, cure, stops)
