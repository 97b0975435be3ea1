"""How an export becomes the image table."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from weldspot.config.sections.base import Count, Fraction, Section
from weldspot.labels import BACKGROUND, CLASSES


def _weld_class(name: str) -> str:
    if name not in CLASSES or name == BACKGROUND:
        raise ValueError(f"{name!r} is none of {', '.join(c for c in CLASSES if c != BACKGROUND)}")
    return name


class Ingest(Section):
    """How an export becomes the image table."""

    unannotated: Literal["quarantine", "background"]
    unknown_classes: Literal["drop", "quarantine"]
    aliases: dict[str, str]
    max_quarantined: Fraction
    background_crops: Annotated[int, Field(ge=0, le=8)]
    background_crops_from: list[Annotated[str, AfterValidator(_weld_class)]]
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

    @field_validator("aliases")
    @classmethod
    def _mean_classes(cls, aliases: dict[str, str]) -> dict[str, str]:
        wrong = sorted(set(aliases.values()) - set(CLASSES))
        if wrong:
            raise ValueError(f"{wrong[0]!r} is none of the classes {', '.join(CLASSES)}")
        return aliases
