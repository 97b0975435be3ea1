"""Quantiles that the draws do not reach."""

import numpy as np
import pytest

from weldspot.loop.drift.lifetime import tail


@pytest.mark.parametrize("rate", [0.05, 0.01])
def test_what_draws_show_is_read_off(rate: float) -> None:
    draws = np.random.default_rng(0).normal(size=1000)
    assert tail.beyond(draws, rate) == np.quantile(draws, 1 - rate, method="higher")


@pytest.mark.parametrize("kind", ["normal", "exponential", "uniform", "heavy"])
def test_beyond_them_chance_passes_it_no_oftener_than_said(kind: str) -> None:
    rng = np.random.default_rng(1)
    draw = {
        "normal": rng.normal,
        "exponential": rng.exponential,
        "uniform": rng.random,
        "heavy": lambda size: rng.pareto(4, size),
    }[kind]
    rate, passed = 0.0005, []
    many = np.sort(draw(size=2_000_000))
    for _ in range(200):
        limit = tail.beyond(draw(size=1000), rate)
        passed.append(1 - np.searchsorted(many, limit) / len(many))
    assert np.mean(passed) < 1.6 * rate, "the mean over many calibrations is what a life sees"
    assert np.median(passed) < 1.3 * rate


def test_it_goes_on_outwards() -> None:
    draws = np.random.default_rng(2).normal(size=100)
    limits = [tail.beyond(draws, rate) for rate in (0.2, 0.05, 0.01, 1e-3, 1e-5)]
    assert limits == sorted(limits)
    assert limits[-1] > draws.max()


def test_draws_that_never_moved_have_their_own_value() -> None:
    assert tail.beyond(np.zeros(100), 0.001) == 0
