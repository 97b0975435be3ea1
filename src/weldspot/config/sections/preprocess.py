"""How a photograph becomes the network's input."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from weldspot.config.sections.base import OddOrOff, Section


class Denoise(Section):
    """Widths of the filters' windows in pixels; 0 is off."""

    median: OddOrOff
    gaussian: OddOrOff
    bilateral: OddOrOff

    @model_validator(mode="after")
    def _odd(self) -> "Denoise":
        for key in ("median", "gaussian", "bilateral"):
            value = getattr(self, key)
            if value and value % 2 == 0:
                raise ValueError(f"{key} is a window width: an odd number, or 0 for off, not {value}")
        return self


class Preprocess(Section):
    """Size, fit and denoising of the network's input."""

    size: Annotated[int, Field(ge=32, le=1024)]
    fit: Literal["stretch", "letterbox"]
    denoise: Denoise
    jpeg_quality: Annotated[int, Field(ge=50, le=100)]
