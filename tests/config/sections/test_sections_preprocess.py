"""A filter has a middle pixel, or is off."""

import pytest
from pydantic import ValidationError

from weldspot.config.sections.preprocess import Denoise


@pytest.mark.parametrize("width", [0, 1, 3, 31])
def test_odd_widths_and_off(width: int) -> None:
    assert Denoise(median=width, gaussian=0, bilateral=0).median == width


@pytest.mark.parametrize("width", [2, 30, 33, -1])
def test_others_are_refused(width: int) -> None:
    with pytest.raises(ValidationError):
        Denoise(median=0, gaussian=0, bilateral=width)
