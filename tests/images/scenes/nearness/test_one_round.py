"""A round finds pairs that are near and no others, one for two scenes, and none that is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lookalike_sets import copies, stored, strangers

from weldspot.images.scenes.fingerprint import distances
from weldspot.images.scenes.nearness import chances, one_round
from weldspot.images.scenes.nearness.one_round import Round

PAIRS = 400


@pytest.fixture
def task(tmp_path: Path) -> Round:
    """Strangers, and behind them a copy of each that is just near enough."""
    prints = strangers(PAIRS, 0)
    file = stored(tmp_path, np.vstack([prints, copies(prints, np.full(PAIRS, 0.7001), 1)]))
    return with_labels(Round(3, 0.3, reads=(file.path, tmp_path / "labels.npy")), np.arange(2 * PAIRS))


def with_labels(task: Round, labels: np.ndarray) -> Round:
    np.save(task.labels, labels)
    return task


def test_as_many_are_found_as_was_reckoned_and_all_are_near(task: Round) -> None:
    found = [one_round.run(replace(task, seed=seed)) for seed in range(4)]
    pairs = np.concatenate(found)
    assert len({tuple(pair) for pair in found[0].tolist()}) == len(found[0])
    assert (pairs[:, 1] - pairs[:, 0] == PAIRS).all(), "a picture and its copy"
    once = chances._found_in_one(0.3)
    spread = 4 * np.sqrt(4 * PAIRS * once * (1 - once))
    assert abs(len(pairs) - 4 * PAIRS * once) < spread + 0.1 * 4 * PAIRS * once
    prints = task.prints.mapped()
    assert all(distances(prints[[i]], prints[[j]])[0, 0] < 0.3 for i, j in pairs[:50])


def test_what_is_known_to_be_one_scene_and_what_is_near_to_nothing_is_not_found(task: Round) -> None:
    everything = one_round.run(task)
    labels = np.arange(2 * PAIRS)
    joined, dull = everything[0], everything[1, 0]
    labels[joined[1]] = labels[joined[0]]
    labels[dull] = -1
    left = one_round.run(with_labels(task, labels))
    assert {tuple(pair) for pair in left.tolist()} == {tuple(pair) for pair in everything[2:].tolist()}


def test_two_scenes_are_joined_by_few_pairs_of_which_one_is_as_old_as_any(tmp_path: Path) -> None:
    """Sixty copies of a picture that are known to be one scene, and as many that are not known to be the same."""
    prints = np.repeat(strangers(1, 0), 120, axis=0)
    labels = np.repeat([0, 1], 60)[np.random.default_rng(0).permutation(120)]
    task = with_labels(Round(3, 0.3, reads=(stored(tmp_path, prints).path, tmp_path / "labels.npy")), labels)
    found = one_round.run(task)
    assert 1 <= len(found) <= 4
    assert found[:, 1].min() == max((labels == 0).argmax(), (labels == 1).argmax())


def test_copies_that_nobody_knows_of_meet_a_few_each(tmp_path: Path) -> None:
    prints = np.repeat(strangers(1, 0), 3000, axis=0)
    task = with_labels(Round(3, 0.3, reads=(stored(tmp_path, prints).path, tmp_path / "labels.npy")), np.arange(3000))
    found = one_round.run(replace(task, cap=2, keys=3))
    assert 2999 <= len(found) <= 3 * 2 * 3000
