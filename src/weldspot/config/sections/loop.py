"""The commands around the graph; no stage reads it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from weldspot.config.plugin_names import named, told_apart
from weldspot.config.sections.base import Count, Fraction, Section, Seed

TARGETS = ("local", "firebase_ml", "firebase_storage")
Admit = Literal["auto", "reviewed", "sampled", "all"]
PublishingTarget = Annotated[str, AfterValidator(named("targets", *TARGETS))]


class Collect(Section):
    """Where uploads lie, and what becomes of them there."""

    source: Literal["local", "firebase"]
    bucket: str
    after: Literal["keep", "mark", "delete"]
    max_megabytes: Annotated[float, Field(gt=0, le=100)]


class Gate(Section):
    """How sure the drift gate must be, and how much one uploader may count; `statistics`: what it watches besides."""

    min_images: Annotated[int, Field(ge=10)]
    max_images: Annotated[int, Field(ge=100, le=100_000)]
    false_alarm_years: Annotated[float, Field(ge=0.1, le=1000)]
    window: Annotated[int, Field(ge=1, le=52)]
    resamples: Annotated[int, Field(ge=100, le=100_000)]
    min_effect: Fraction
    min_roc_auc: Fraction
    seed: Seed
    max_share: Annotated[float, Field(gt=0, le=1)]
    statistics: Annotated[list[Annotated[str, AfterValidator(named("statistics"))]], AfterValidator(told_apart())] = (
        Field(default_factory=list)
    )


class Review(Section):
    """How much is asked of reviewers, and how much counts without their word."""

    share: Annotated[float, Field(gt=0, le=1)]
    max_errors: Fraction
    unreviewed: Annotated[int, Field(ge=0)]


class Promote(Section):
    """How much a challenger may lose."""

    max_loss: Fraction
    max_class_loss: Fraction
    max_slice_loss: Fraction
    confidence: Annotated[float, Field(gt=0, lt=1)]
    bootstrap: Annotated[int, Field(ge=100, le=100_000)]
    min_groups: Count
    seed: Seed


class Publish(Section):
    """Which targets phones look at, and for how many days what is signed is taken in."""

    targets: list[PublishingTarget]
    bucket: str
    valid_days: Annotated[int, Field(ge=1, le=3650)] = 180

    @model_validator(mode="after")
    def _once(self) -> "Publish":
        if len(set(self.targets)) < len(self.targets):
            raise ValueError("targets names one twice")
        return self


class Canary(Section):
    """How a challenger is tried on a share of the phones; 1: it goes to all of them at once.

    `margin`: how much more often, as a share, it may be corrected, `slower`: how much more time it may take;
    `disagreement`: on what share of the looks it may see something else.
    """

    share: Annotated[float, Field(gt=0, le=1)]
    steps: list[Annotated[float, Field(gt=0, le=1)]]
    wrong_take_backs: Annotated[float, Field(gt=0, lt=0.5)]
    margin: Annotated[float, Field(gt=0, le=10)]
    slower: Annotated[float, Field(gt=0, le=10)]
    disagreement: Fraction
    min_looks: Count


class Loop(Section):
    """The commands around the graph."""

    admit: Admit
    review: Review
    collect: Collect
    gate: Gate
    promote: Promote
    publish: Publish
    canary: Canary
