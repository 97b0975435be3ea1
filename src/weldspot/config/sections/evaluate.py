"""How scores are computed."""

from typing import Annotated

from pydantic import AfterValidator, Field

from weldspot.config.plugin_names import named, told_apart
from weldspot.config.sections.base import Section, Seed

SCORES = ("average_precision", "roc_auc", "f1", "calibration_error", "accuracy")


class Evaluate(Section):
    """Bootstrap and calibration of the scores; `metrics`: further ones.

    `max_missed`: of the photographs that show a class, the share that may be called free of it, one number or one a
    class; it shall hold with `missed_confidence`.
    """

    bootstrap: Annotated[int, Field(ge=0, le=100_000)]
    confidence: Annotated[float, Field(gt=0, lt=1)]
    calibration_bins: Annotated[int, Field(ge=2, le=100)]
    max_missed: Annotated[float, Field(gt=0, lt=1)] | dict[str, Annotated[float, Field(gt=0, lt=1)]] = 0.05
    missed_confidence: Annotated[float, Field(gt=0, lt=1)] = 0.9
    seed: Seed
    metrics: Annotated[list[Annotated[str, AfterValidator(named("metrics"))]], AfterValidator(told_apart(*SCORES))] = (
        Field(default_factory=list)
    )
