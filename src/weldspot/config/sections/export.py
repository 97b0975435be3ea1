"""What the phone's file must hold."""

from typing import Annotated

from pydantic import Field

from weldspot.config.sections.base import Fraction, Positive, Section


class Checks(Section):
    """Limits that the phone's file must hold."""

    min_mean_average_precision: Fraction
    min_mean_roc_auc: Fraction
    max_average_precision_loss: Fraction
    max_probability_gap: Fraction
    min_slice_average_precision: Fraction = 0.4
    max_pointing_loss: Fraction = 0.02
    max_megabytes: Positive


class Export(Section):
    """Calibration of the int8 file, and its checks."""

    calibration_images: Annotated[int, Field(ge=8, le=4096)]
    checks: Checks
