"""The number of rounds, against pairs that are drawn and searched for here."""

import numpy as np
import pytest

from weldspot.images.scenes.nearness import chances


def test_nearer_pairs_need_fewer_rounds() -> None:
    needed = [chances.rounds(threshold) for threshold in (0.03, 0.1, 0.3, 0.4, 0.5)]
    assert needed == sorted(needed)
    assert needed[0] < needed[-1] / 4
    assert needed == [chances.rounds(threshold) for threshold in (0.03, 0.1, 0.3, 0.4, 0.5)]


def test_so_many_bits_as_a_pair_that_is_just_near_enough_almost_never_differs_in() -> None:
    rng = np.random.default_rng(0)
    differ = rng.binomial(chances.BITS - 16, np.arccos(0.7) / np.pi, 200_000)
    assert (differ > chances.differing(0.3)).mean() < 1e-4
    assert chances.differing(0.3) < 0.4 * chances.BITS, "strangers differ in half of them"


def test_each_byte_is_in_as_many_keys_and_no_key_is_there_twice() -> None:
    keys = {frozenset(key) for key in chances.KEYS}
    assert len(keys) == len(chances.KEYS)
    assert all(len(key) == 2 for key in keys)
    assert len({sum(byte in key for key in keys) for byte in range(chances.BYTES)}) == 1


def test_the_chance_of_a_round_is_what_rounds_are_counted_by(monkeypatch: pytest.MonkeyPatch) -> None:
    once = chances._found_in_one(0.3)
    assert (1 - once) ** chances.rounds(0.3) <= chances.MISSED < (1 - once) ** (chances.rounds(0.3) - 1)
