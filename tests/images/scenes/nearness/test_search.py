"""The search by keys groups as the comparison of each with each, on strangers, floods, feedback, for any workers."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import scenery
from lookalike_sets import copies, stored, strangers, unit

from weldspot.images.scenes.fingerprint import fingerprint
from weldspot.images.scenes.groups import groups
from weldspot.images.scenes.nearness import one_round, search
from weldspot.images.scenes.nearness.lookalikes import Lookalikes
from weldspot.images.scenes.nearness.print_file import PrintFile

NEAR = 0.3  # as conf/config.yaml


@pytest.fixture(autouse=True)
def one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")


def grouped(prints: PrintFile, ages: list[int], folder: Path) -> list[str | None]:
    names = [f"{k}.jpg" for k in range(len(prints))]
    alike = Lookalikes(prints, NEAR, ages, search.by_keys(prints, NEAR, ages, folder))
    return groups(names, prints.mapped(), NEAR, 5, ages, None, alike)


def compared(prints: PrintFile, ages: list[int]) -> list[str | None]:
    return groups([f"{k}.jpg" for k in range(len(prints))], prints.mapped(), NEAR, 5, ages)


@pytest.mark.thorough
def test_pairs_that_are_just_near_enough_are_found_among_white_noise(tmp_path: Path) -> None:
    prints = strangers(600, 0)
    prints = np.vstack([prints, copies(prints[:300], np.full(300, 0.7001), 1)])
    file = stored(tmp_path, prints)
    found = search.by_keys(file, NEAR, [0] * len(prints), tmp_path)
    assert {tuple(pair) for pair in found.pairs.tolist()} == {(i, 600 + i) for i in range(300)}


def test_pictures_with_turned_noised_and_lit_copies_and_a_flood_of_one_group_as_each_with_each(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    pictures = [scenery.scene(k, 64) for k in range(150)]
    pictures += [changed(pictures[k], rng) for k in range(0, 150, 3)] + [changed(pictures[7], rng) for _ in range(250)]
    pictures.append(np.zeros((64, 64, 3), np.uint8))
    file = stored(tmp_path, np.stack([fingerprint(picture) for picture in pictures]))
    ages = [0] * len(pictures)
    found = grouped(file, ages, tmp_path)
    assert found == compared(file, ages)
    assert len(set(found)) <= 151
    assert sorted(path.name for path in tmp_path.iterdir()) == ["prints"], "no file is left"


def changed(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    turned = np.rot90(picture[:, :: rng.choice([-1, 1])], rng.integers(4))
    noisy = turned * rng.uniform(0.7, 1.3) + rng.normal(0, 8, turned.shape)
    return cv2.GaussianBlur(np.clip(noisy, 0, 255).astype(np.uint8), (3, 3), 0)


@pytest.mark.thorough
def test_feedback_joins_what_it_joins_when_each_is_compared_with_each(tmp_path: Path) -> None:
    """A third is between two others: many newcomers look like two scenes that were apart, and have no group."""
    rng = np.random.default_rng(0)
    base = strangers(60, 0)
    between = rng.integers(60, size=(120, 2))
    near = copies(base[rng.integers(60, size=120)], rng.uniform(0.72, 0.99, 120), 0)
    prints = np.vstack([base, near, unit(base[between[:, 0]] + base[between[:, 1]] + 1e-9)])[rng.permutation(300)]
    ages = sorted(rng.integers(0, 4, 300).tolist())
    file = stored(tmp_path, prints)
    found = grouped(file, ages, tmp_path)
    assert found == compared(file, ages)
    assert None in found


def test_few_pictures_are_compared_each_with_each_and_many_by_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("by_comparison", "by_keys"):
        real = getattr(search, name)
        monkeypatch.setattr(search, name, lambda *a, name=name, real=real: asked.append(name) or real(*a))
    prints = strangers(40, 0)
    file = stored(tmp_path, np.vstack([prints, copies(prints[:9], np.full(9, 0.9), 0)]))
    few = search.lookalikes(file, NEAR, [0] * 49, tmp_path)
    monkeypatch.setattr(search, "_FEW", 0)
    many = search.lookalikes(file, NEAR, [0] * 49, tmp_path)
    assert asked == ["by_comparison", "by_keys"]
    assert [few.older(j) for j in range(49)] == [many.older(j) for j in range(49)]
    assert sum(len(few.older(j)) for j in range(49)) == 9


def test_the_number_of_processes_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "rounds", lambda _: 3)
    prints = strangers(300, 0)
    file = stored(tmp_path, np.vstack([prints, copies(prints, np.full(300, 0.8), 0)]))
    one = search.by_keys(file, NEAR, [0] * 600, tmp_path)
    monkeypatch.setenv("WELDSPOT_WORKERS", "3")
    three = search.by_keys(file, NEAR, [0] * 600, tmp_path)
    assert np.array_equal(one.pairs, three.pairs)
    assert 100 < len(one.pairs) < 300, "three rounds do not find all: what they find is the same"


def test_pictures_without_texture_are_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[np.ndarray] = []
    monkeypatch.setattr(one_round, "run", lambda task: seen.append(np.load(task.labels)) or np.zeros((0, 2), np.int64))
    prints = strangers(5, 0) * np.array([1, 0.72, 0.68, 0, 1], np.float32)[:, None]
    search.by_keys(stored(tmp_path, prints), NEAR, [0] * 5, tmp_path)
    assert all((labels == [0, 1, -1, -1, 4]).all() for labels in seen)
