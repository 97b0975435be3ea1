"""Shares that are none are refused."""

import pytest
from pydantic import ValidationError

from weldspot.config.sections.split import Split


@pytest.mark.parametrize(
    ("train", "val", "test", "said"),
    [
        (0.8, 0.2, 0.2, r"must be 1, not 1\.2"),
        (0.5, 0.5, 0.0, "must each be above 0"),
        (1.5, -0.25, -0.25, "less than"),
    ],
)
def test_three_parts_that_are_one_whole(train: float, val: float, test: float, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Split(train=train, val=val, test=test, seed=0, min_groups=5)


def test_rounding_is_no_mistake() -> None:
    assert Split(train=0.7, val=0.1, test=0.2, seed=0, min_groups=5).train == 0.7
