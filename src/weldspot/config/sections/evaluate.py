"""How scores are computed."""

from typing import Annotated

from pydantic import AfterValidator, Field

from weldspot.config.plugin_names import named, told_apart
from weldspot.config.sections.base import Section, Seed

SCORES = ("average_precision", "roc_auc", "f1", "calibration_error", "accuracy")


class Evaluate(Section):
    """Bootstrap and calibration of the scores; `metrics`: further ones."""

    bootstrap: Annotated[int, Field(ge=0, le=100_000)]
    confidence: Annotated[float, Field(gt=0, lt=1)]
    calibration_bins: Annotated[int, Field(ge=2, le=100)]
    seed: Seed
    metrics: Annotated[list[Annotated[str, AfterValidator(named("metrics"))]], AfterValidator(told_apart(*SCORES))] = (
        Field(default_factory=list)
    )
