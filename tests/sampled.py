"""A part of many cases: the rest is for WELDSPOT_ALL_TESTS=1, and is said to be skipped where that is not set."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest


def sampled(every: int, *axes: Iterable[Any]) -> list[Any]:
    """Each `every`-th combination runs always; let it have no divisor in common with an axis' length, or that one's
    cases are always the same few."""
    return [
        pytest.param(*case, marks=() if number % every == 0 else pytest.mark.thorough)
        for number, case in enumerate(product(*axes))
    ]
