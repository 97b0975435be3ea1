"""How a picture is varied."""

from typing import Annotated

from pydantic import AfterValidator, Field

from weldspot.config.plugin_names import named, told_apart
from weldspot.config.sections.base import Fraction, Positive, Section, Seed


class Noise(Section):
    """Kinds of noise and how strong they are."""

    probability: Fraction
    gaussian: Annotated[float, Field(ge=0, le=100)]
    poisson: Annotated[float, Field(ge=0, le=10)]
    salt_pepper: Fraction


class Augment(Section):
    """How many variants of a picture there are, and how far they go; `extra`: what is done to each last, in order."""

    variants: Annotated[int, Field(ge=0, le=50)]
    seed: Seed
    rotation: Annotated[float, Field(ge=0, le=180)]
    quarter_turns: bool
    zoom: Annotated[float, Field(ge=0, lt=1)]
    flip_horizontal: Fraction
    flip_vertical: Fraction
    brightness: Fraction
    contrast: Fraction
    saturation: Fraction
    hue: Annotated[float, Field(ge=0, le=0.5)]
    noise: Noise
    blur_probability: Fraction
    blur_sigma: Positive
    cutout_probability: Fraction
    cutout_fraction: Fraction
    jpeg_quality: Annotated[int, Field(ge=50, le=100)]
    extra: Annotated[list[Annotated[str, AfterValidator(named("augmentations"))]], AfterValidator(told_apart())] = (
        Field(default_factory=list)
    )
