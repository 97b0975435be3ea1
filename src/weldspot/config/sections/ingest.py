"""How an export becomes the image table."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from weldspot.config.sections.base import Count, Fraction, Section


class Ingest(Section):
    """How an export becomes the image table."""

    unannotated: Literal["quarantine", "background"]
    unknown_classes: Literal["drop", "quarantine"]
    aliases: dict[str, str]
    max_quarantined: Fraction
    background_crops: Annotated[int, Field(ge=0, le=8)]
    crop_side: Annotated[float, Field(gt=0.05, le=0.9)]
    max_pixels: Annotated[int, Field(ge=10_000)]
    min_side: Annotated[int, Field(ge=8)]
    near_duplicate: Fraction
    clip_gap: Count
    shard_rows: Annotated[int, Field(ge=16, le=4096)]

    @field_validator("aliases")
    @classmethod
    def _mean_classes(cls, aliases: dict[str, str]) -> dict[str, str]:
        from weldspot.labels import CLASSES  # numpy, which few commands need

        wrong = sorted(set(aliases.values()) - set(CLASSES))
        if wrong:
            raise ValueError(f"{wrong[0]!r} is none of the classes {', '.join(CLASSES)}")
        return aliases
