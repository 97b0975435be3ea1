"""data/reviews/: what reviewers decided about corrections, one JSON object a line; nothing in it is ever changed."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from weldspot.contracts.base import Contract
from weldspot.runtime.state_files import FROM_DATA

REVIEWER_CHARACTERS, REASON_CHARACTERS = 60, 500
Decided = Literal["accept", "change", "reject", "undo"]


class Reviewed(Contract):
    """One decision: `upload` is the correction's name, `by` the reviewer's, `at` ISO 8601.

    `before`: the welder's labels, `after`: those that hold (none after reject; after undo the welder's wait again).
    `number`: how many decisions on this correction went before: two can't have the same.
    """

    cure: ClassVar[str] = FROM_DATA

    upload: str
    uploader: str
    number: int
    decision: Decided
    by: Annotated[str, Field(min_length=1, max_length=REVIEWER_CHARACTERS)]
    at: str
    before: list[str]
    after: list[str]
    reason: Annotated[str, Field(max_length=REASON_CHARACTERS)] = ""
