"""reports/gate/verdict.json: what the drift gate said, and on what."""

from typing import ClassVar, Literal

from pydantic import Field

from weldspot.contracts.base import Contract

Outcome = Literal["drift", "no-drift", "insufficient-data"]


class JudgedModel(Contract):
    """The production model that the feedback was judged against."""

    version: str
    sha256: str


class Statistic(Contract):
    """One thing that the gate watches: `moved` when `value` is beyond `limit`.

    `reference` and `feedback` are the levels that are compared, in the statistic's own unit; None where it has none.
    """

    name: str
    value: float
    limit: float
    moved: bool
    reference: float | None
    feedback: float | None


class Uploader(Contract):
    """One that sent over the network: photographs of it that were judged, ever reviewed, changed or refused then."""

    name: str
    judged: int
    reviewed: int
    errors: int


class Phones(Contract):
    """What phones that report have counted with the model, on the `days` on which reports came.

    `corrected`: corrections for each look, `blind`: the share of moments at which no verdict could be given. `moved`: a
    line for each histogram whose last week differs from its first.
    """

    days: int
    reports: int
    looks: int
    corrected: float
    blind: float
    moved: list[str]


class Verdict(Contract):
    """`reasons`: one line for each thing that moved, the farthest beyond its limit first.

    `images`: photographs that waited; `judged`: those of them that were drawn; `reference`: the model's held-out ones.
    `notes`: what does not count and why, what phones claimed that the model does not say. What was not reached, since
    there was too little, is None. `uploaders`: those with most judged or reviewed, 200 at most. `phones`: what
    phones count, where they do: a fair sample, of which nothing can be admitted; no part of the outcome.
    """

    cure: ClassVar[str] = "the next judgement of `weldspot gate` replaces it"

    outcome: Outcome
    reasons: list[str]
    at: str
    model: JudgedModel
    batches: list[str]
    images: int
    judged: int | None = None
    reference: int | None = None
    false_alarm_rate: float | None = None
    statistics: list[Statistic] | None = None
    notes: list[str] = Field(default_factory=list)
    uploaders: list[Uploader] = Field(default_factory=list)
    phones: Phones | None = None
