"""How an export becomes the image table."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from weldspot.config.plugin_names import named
from weldspot.config.sections.base import Count, Fraction, Section


class Layouts(Section):
    """Layouts of exports besides those built in; fetch reads this part alone."""

    layouts: list[Annotated[str, AfterValidator(named("layouts"))]] = Field(default_factory=list)


class Ingest(Layouts):
    """How an export becomes the image table."""

    unannotated: Literal["quarantine", "background"]
    unknown_classes: Literal["drop", "quarantine"]
    max_quarantined: Fraction
    background_crops: Annotated[int, Field(ge=0, le=8)]
    crop_side: Annotated[float, Field(gt=0.05, le=0.9)]
    max_pixels: Annotated[int, Field(ge=10_000)]
    min_side: Annotated[int, Field(ge=8)]
    near_duplicate: Fraction
    clip_gap: Count
    group_pattern: str
    shard_rows: Annotated[int, Field(ge=16, le=4096)]

    @field_validator("group_pattern")
    @classmethod
    def _is_a_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression ({error})") from error
        return value
