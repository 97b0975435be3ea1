"""Each scene is scored once, by a model that has not seen it, whatever is killed in between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pyarrow as pa
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.images.dataset import Images
from weldspot.model.network import classifier
from weldspot.model.training import finetune
from weldspot.model.training.folds import scored as folds
from weldspot.model.training.history import EpochRecord
from weldspot.runtime.errors import WeldspotError


class Killed(BaseException):
    pass


def pictures() -> Images:
    """28 photographs in 14 scenes, and a variant of each."""
    found = tiny.images(28)
    rows = np.repeat(np.arange(28), 2)
    groups = np.array([f"scene {row // 2}" for row in rows], object)
    return replace(found.take(rows), variants=np.tile([0, 1], 28), groups=groups)


def build() -> keras.Model:
    with tiny.small_backbone():
        return classifier.build("mobilenet_025", None, 7)


def scored(folder: Path, say: Callable[[int, EpochRecord], None] = lambda fold, record: None) -> pa.Table:
    return folds.scored(pictures(), tiny.training(epochs=1, folds=2), build, folder, "key", say)


Scenes = list[tuple[set[str], set[str]]]


@contextmanager
def noting() -> Iterator[Scenes]:
    """The scenes that each training learns from, and those that choose its epoch."""
    found: Scenes = []
    real = finetune.finetune

    def noted(model: keras.Model, train: Images, val: Images, *rest: object) -> None:
        found.append((set(train.groups.tolist()), set(val.groups.tolist())))
        real(model, train, val, *rest)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finetune, "finetune", noted)
        yield found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, Scenes]:
    """What nobody disturbed."""
    with noting() as seen:
        return scored(tmp_path_factory.mktemp("undisturbed")), seen


def test_no_scene_is_scored_by_a_model_that_has_seen_it(whole: tuple[pa.Table, Scenes]) -> None:
    found, seen = whole[0].to_pandas(), whole[1]
    assert found["id"].tolist() == pictures().ids[::2]
    assert found.groupby("group")["fold"].nunique().max() == 1
    assert len(seen) == 2
    for fold, (train, val) in enumerate(seen):
        held = set(found["group"][found["fold"] == fold])
        assert held
        assert not held & (train | val)
        assert not train & val
        assert val
        assert held | train | val == set(found["group"])
    scores = np.stack(found["scores"])
    assert ((scores > 0) & (scores < 1)).all()


def test_a_killed_one_goes_on_with_the_fold_that_it_was_at(tmp_path: Path, whole: tuple[pa.Table, Scenes]) -> None:
    def kill(fold: int, record: EpochRecord) -> None:
        if (fold, record["epoch"]) == (2, 1):
            raise Killed

    with noting() as seen, pytest.raises(Killed):
        scored(tmp_path, kill)
    assert len(seen) == 2
    with noting() as seen:
        assert scored(tmp_path).equals(whole[0])
    assert len(seen) == 1, "the first fold is not trained again"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=12), st.integers(2, 6), st.integers(0, 9))
def test_each_fold_has_scenes_to_learn_from_and_to_choose_by_or_it_is_one_line(
    sizes: list[int], count: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    groups = np.repeat([f"scene {i}" for i in range(len(sizes))], sizes).astype(object)
    images = replace(tiny.images(len(groups)), groups=groups)
    images.labels[:] = rng.random(images.labels.shape) < 0.3
    section = tiny.training(folds=count)
    try:
        fold_of = folds.assigned(images, section)
    except WeldspotError:
        return
    for fold in np.unique(fold_of):
        choosing = folds._chosen(images.take(np.flatnonzero(fold_of != fold)), section)
        assert choosing.any()
        assert not choosing.all()


def test_more_folds_than_scenes_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(WeldspotError, match=r"training\.folds=20: there are only 14 scenes"):
        folds.scored(pictures(), tiny.training(folds=20), build, tmp_path, "key", lambda *_: None)
