"""How scores are computed."""

from typing import Annotated

from pydantic import Field

from weldspot.config.sections.base import Section, Seed


class Evaluate(Section):
    """Bootstrap and calibration of the scores."""

    bootstrap: Annotated[int, Field(ge=0, le=100_000)]
    confidence: Annotated[float, Field(gt=0, lt=1)]
    calibration_bins: Annotated[int, Field(ge=2, le=100)]
    seed: Seed
