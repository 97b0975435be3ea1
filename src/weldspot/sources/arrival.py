"""data/feedback/arrival.json: the order in which feedback batches were admitted to the training data.

A batch's name begins with the time of the machine that collected it: a clock that is wrong, a second collector or a
late merge would put it before batches that a model has learnt from, and move those to other splits.
"""

from pathlib import Path
from typing import ClassVar

from weldspot.contracts.base import Contract
from weldspot.runtime.state_files import FROM_DATA

NAME = "arrival.json"


class Arrival(Contract):
    """Names of feedback batches, first come first."""

    cure: ClassVar[str] = FROM_DATA
    batches: list[str]


def order(feedback: Path) -> list[str]:
    """The batches in data/feedback as they came; what the file does not tell of counts as last, by name.

    Args:
        feedback: The folder data/feedback.

    Raises:
        Damaged: arrival.json.
    """
    found = Arrival.found(feedback / NAME)
    recorded = found.batches if found else []
    there = {path.relative_to(feedback).as_posix() for path in feedback.rglob("*.parquet")}
    return [*recorded, *sorted(there - set(recorded))]
