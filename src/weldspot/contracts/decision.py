"""What was decided on a version of the model, by whom, when and why: kept on the version in MLflow's registry."""

from typing import Literal

from weldspot.contracts.base import Contract

Word = Literal["promoted", "refused", "rolled back", "restored"]


class Decision(Contract):
    """`at`: ISO 8601; `reason`: Markdown, a line for each ground."""

    version: str
    decision: Word
    by: str
    at: str
    reason: str
