"""A training that was killed ends where an undisturbed one ends."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny

from weldspot.runtime.errors import WeldspotError
from weldspot.model.network import classifier
from weldspot.model.training import finetune
from weldspot.model.training.minibatches import Batches
from weldspot.model.training.checkpoint import Checkpoint


class Killed(BaseException):
    pass


def run(folder: Path, kill_after: int | None = None) -> tuple[list[np.ndarray], list[dict]]:
    keras.utils.set_random_seed(0)
    tf.config.experimental.enable_op_determinism()
    model = classifier.build("mobilenet_025", None, dropout=0.2)
    history: list[dict] = []

    def report(record: dict) -> None:
        history.append(record)
        if record["epoch"] == kill_after:
            raise Killed

    checkpoint = Checkpoint(folder, "key")
    section = tiny.training(clean_epochs=1)
    finetune.finetune(model, tiny.images(), tiny.images(14, 1), section, checkpoint, report)
    return model.get_weights(), history


def test_a_killed_training_resumes_to_the_same_weights(tmp_path: Path) -> None:
    weights, history = run(tmp_path / "undisturbed")
    with pytest.raises(Killed):
        run(tmp_path / "killed", kill_after=2)
    resumed, again = run(tmp_path / "killed")
    assert again == history
    assert len(history) == 4
    for one, other in zip(weights, resumed, strict=True):
        np.testing.assert_array_equal(one, other)


def test_training_moves_the_weights_but_not_the_batch_norm_statistics(tmp_path: Path) -> None:
    keras.utils.set_random_seed(0)
    model = classifier.build("mobilenet_025", tiny.SIZE)
    before = {v.path: np.array(v) for v in model.variables}
    section = tiny.training(ema=0.0, patience=3)
    finetune.finetune(model, tiny.images(), tiny.images(14, 1), section, Checkpoint(tmp_path, "k"), lambda _: None)
    statistics = [v for v in model.variables if "moving_" in v.path]
    assert statistics
    assert all((np.array(v) == before[v.path]).all() for v in statistics)


def test_frozen_layers_keep_their_weights_and_the_others_do_not() -> None:
    keras.utils.set_random_seed(0)
    model = classifier.build("mobilenet_025", tiny.SIZE)
    frozen = {v.path for layer in model.layers[:20] for v in layer.variables}
    before = {v.path: np.array(v) for v in model.variables}
    finetune.compile_model(model, tiny.images(), tiny.training(ema=0.0, frozen_layers=20))
    model.train_on_batch(*Batches(tiny.images(), 8, 0, 1)[0])
    moved = {v.path for v in model.variables if v.path in before and (np.array(v) != before[v.path]).any()}
    assert frozen
    assert not moved & frozen
    assert moved


def test_freezing_everything_is_refused() -> None:
    model = classifier.build("mobilenet_025", tiny.SIZE)
    with pytest.raises(WeldspotError, match="frozen_layers"):
        finetune.compile_model(model, tiny.images(), tiny.training(frozen_layers=1000))
