"""Copies take one pose whatever their turn; near ones have near bits; no bit hangs on rounding or on the block."""

from pathlib import Path

import numpy as np
import pytest
from lookalike_sets import copies, stored, strangers

from weldspot.images.scenes.fingerprint import TURNS, turned_by
from weldspot.images.scenes.nearness import poses, print_file
from weldspot.images.scenes.nearness.poses import BITS, in_pose, posed


def test_a_turned_copy_has_the_same_code_and_the_same_picture_in_its_pose(tmp_path: Path) -> None:
    prints = strangers(40, 0)
    straight = posed(stored(tmp_path, prints), 5)
    for turn in range(TURNS):
        again = np.ascontiguousarray(turned_by(prints, turn))
        found = posed(stored(tmp_path, again), 5)
        assert np.array_equal(found.codes, straight.codes)
        assert np.array_equal(in_pose(again, found.turns), in_pose(prints, straight.turns))


def test_near_ones_differ_in_as_many_bits_as_their_angle_says(tmp_path: Path) -> None:
    prints = strangers(1500, 1)
    alike = copies(prints, np.full(1500, 0.7), 2)
    found = posed(stored(tmp_path, np.vstack([prints, alike])), 3)
    apart = np.bitwise_count(found.codes[:1500] ^ found.codes[1500:]).sum(1) / BITS
    one_pose = apart < 0.38
    assert 0.38 < one_pose.mean() < 0.55, "nearly half of them agree about their pose"
    assert apart[one_pose].mean() == pytest.approx(np.arccos(0.7) / np.pi, abs=0.01)
    assert apart[~one_pose].mean() == pytest.approx(0.5, abs=0.05)


def test_codes_depend_neither_on_the_block_nor_on_the_order_of_sums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prints = strangers(50, 4)
    found = posed(stored(tmp_path, prints), 9)
    monkeypatch.setattr(print_file, "BLOCK", 7)
    again = posed(stored(tmp_path, prints), 9)
    assert np.array_equal(found.codes, again.codes)
    assert np.array_equal(found.turns, again.turns)
    rng = np.random.default_rng(9)
    rng.integers(0, 2, (1024, 1))
    planes = 2 * rng.integers(0, 2, (1024, BITS)) - 1
    whole = np.rint(in_pose(prints, found.turns).astype(np.float64) * poses._STEPS).astype(np.int64)
    assert np.array_equal(found.codes, np.packbits(whole @ planes > 0, axis=1)), "as whole numbers"


def test_every_seed_draws_directions_of_its_own(tmp_path: Path) -> None:
    file = stored(tmp_path, strangers(20, 6))
    apart = np.bitwise_count(posed(file, 0).codes ^ posed(file, 1).codes).sum(1)
    assert 0.4 < apart.mean() / BITS < 0.6
