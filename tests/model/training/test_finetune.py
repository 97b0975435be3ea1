"""A training that was killed ends where an undisturbed one ends."""

import threading
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pyarrow as pa
import pytest
import tensorflow as tf
import tiny

from weldspot.model.training import finetune
from weldspot.model.training.checkpoint import Checkpoint
from weldspot.model.training.history import EpochRecord
from weldspot.model.training.validation import ValidationScores
from weldspot.runtime.errors import WeldspotError


class Killed(BaseException):
    pass


def run(folder: Path, kill_after: int | None = None) -> tuple[list[np.ndarray], list[EpochRecord]]:
    keras.utils.set_random_seed(0)
    tf.config.experimental.enable_op_determinism()
    model = tiny.network(dropout=0.2)
    history: list[EpochRecord] = []

    def report(record: EpochRecord) -> None:
        history.append(record)
        if record["epoch"] == kill_after:
            raise Killed

    checkpoint = Checkpoint(folder, "key")
    section = tiny.training(clean_epochs=1)
    finetune.finetune(model, tiny.images(), tiny.images(14, 1), section, checkpoint, report)
    return model.get_weights(), history


def test_a_killed_training_resumes_to_the_same_weights(tmp_path: Path) -> None:
    weights, history = run(tmp_path / "undisturbed")
    for epoch in (0, 2):  # the head's is one: it is not fitted anew
        with pytest.raises(Killed):
            run(tmp_path / "killed", kill_after=epoch)
        assert Checkpoint(tmp_path / "killed", "key").exists()
    resumed, again = run(tmp_path / "killed")
    assert again == history
    assert len(history) == 4
    for one, other in zip(weights, resumed, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_damaged_picture_is_one_line_whatever_the_backend_makes_of_it(tmp_path: Path) -> None:
    images = tiny.images()
    encoded = images.encoded.to_pylist()
    encoded[5] = encoded[5][:30]
    broken = replace(images, encoded=pa.chunked_array([encoded], pa.binary()))
    keras.utils.set_random_seed(0)
    checkpoint = Checkpoint(tmp_path, "k")
    with pytest.raises(WeldspotError, match=r"^the photographs: image 0{12}: damaged \(it does not decode\); .*$"):
        finetune.finetune(tiny.network(), broken, tiny.images(14, 1), tiny.training(), checkpoint, lambda _: None)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("decode")]


def test_training_moves_the_weights_but_not_the_batch_norm_statistics(tmp_path: Path) -> None:
    keras.utils.set_random_seed(0)
    model = tiny.network()
    before = {v.path: np.asarray(v).copy() for v in model.variables}
    section = tiny.training(ema=0.0, patience=3)
    finetune.finetune(model, tiny.images(), tiny.images(14, 1), section, Checkpoint(tmp_path, "k"), lambda _: None)
    statistics = [v for v in model.variables if "moving_" in v.path]
    assert statistics
    assert all((np.asarray(v) == before[v.path]).all() for v in statistics)


def test_the_best_epoch_is_kept_and_patience_ends_a_training_that_gets_no_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = iter([0.2, 0.9, 0.5, 0.4, 1.0])
    seen: list[list[np.ndarray]] = []

    def scored(model: keras.Model, weights: list[np.ndarray], _: object) -> ValidationScores:
        seen.append(weights)
        return {"val_loss": 1.0, "val_mean_average_precision": next(scores), "val_mean_roc_auc": 0.5}

    monkeypatch.setattr(finetune, "validate_with", scored)
    monkeypatch.setattr(finetune, "validate", lambda model, images: scored(model, model.get_weights(), images))
    keras.utils.set_random_seed(0)
    model = tiny.network()
    history: list[EpochRecord] = []
    section = tiny.training(epochs=9, patience=2, ema=0.0)
    finetune.finetune(
        model, tiny.images(), tiny.images(14, 1), section, Checkpoint(tmp_path, "k"), history.append, head_loss=0.7
    )
    assert [(record["epoch"], record["val_mean_average_precision"]) for record in history] == [
        (0, 0.2), (1, 0.9), (2, 0.5), (3, 0.4),
    ]  # fmt: skip
    assert (history[0]["phase"], history[0]["loss"], history[1]["phase"]) == ("head", 0.7, "finetune")
    for kept, best in zip(model.get_weights(), seen[1], strict=True):
        np.testing.assert_array_equal(kept, best)


NAN = float("nan")


def record(epoch: int, score: float, val_loss: float, loss: float | None = 0.5) -> EpochRecord:
    return EpochRecord(
        epoch=epoch,
        phase="finetune",
        loss=loss,
        val_loss=val_loss,
        val_mean_average_precision=score,
        val_mean_roc_auc=NAN,
    )


def test_an_epoch_that_can_not_be_ranked_is_judged_by_its_loss() -> None:
    state = {"epoch": 0, "best": finetune._standing(record(0, NAN, 0.7)), "stale": 0, "history": []}
    state, better = finetune._after(state, record(1, NAN, 0.9))
    assert (better, state["stale"]) == (False, 1), "no score is no reason to take it"
    state, better = finetune._after(state, record(2, NAN, 0.6))
    assert (better, state["stale"], state["best"]) == (True, 0, -0.6)


@pytest.mark.parametrize(("val_loss", "loss"), [(NAN, 0.5), (0.5, NAN), (float("inf"), None)])
def test_a_loss_that_is_no_number_ends_a_training_in_one_line(val_loss: float, loss: float | None) -> None:
    with pytest.raises(WeldspotError, match=r"^train: epoch 3 \(finetune\): the loss is no number .*learning_rate$"):
        finetune._measured(record(3, 0.5, val_loss, loss))
    assert finetune._measured(record(3, NAN, 0.5, None))["val_loss"] == 0.5
