"""What is saved after an epoch comes back whole, or not at all."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tiny

from weldspot.model.training.checkpoint import Checkpoint
from weldspot.model.training.history import TrainingState
from weldspot.model.training.minibatches import Minibatches
from weldspot.model.training.optimizer import compile_model

STATE: TrainingState = {
    "epoch": 1,
    "best": 0.5,
    "stale": 0,
    "history": [
        {"epoch": 1, "phase": "finetune", "loss": None, "val_loss": 0.1, "val_mean_average_precision": float("nan"),
         "val_mean_roc_auc": 0.7},
    ],
}  # fmt: skip


def compiled(seed: int) -> keras.Model:
    keras.utils.set_random_seed(seed)
    model = tiny.network()
    compile_model(model, tiny.images(), tiny.training())
    return model


def variables(model: keras.Model) -> list[np.ndarray]:
    return [np.asarray(v).copy() for v in [*model.variables, *model.optimizer.variables]]


def test_model_optimizer_best_and_state_come_back(tmp_path: Path) -> None:
    saved = compiled(0)
    saved.train_on_batch(*tiny.pairs(Minibatches(tiny.images(), 8, 0, 1))[0])
    best = [np.full((2, 3), 7.0), np.arange(4.0)]
    checkpoint = Checkpoint(tmp_path, "key")
    assert not checkpoint.exists()
    checkpoint.save(saved, best, STATE)
    assert checkpoint.exists()

    other = compiled(1)
    found = Checkpoint(tmp_path, "key").load(other)
    assert found is not None
    for one, two in zip(best, found[0], strict=True):
        np.testing.assert_array_equal(one, two)
    assert repr(found[1]) == repr(STATE)  # a NaN equals nothing
    for one, two in zip(variables(saved), variables(other), strict=True):
        np.testing.assert_array_equal(one, two)


def test_another_experiment_finds_nothing_and_clearing_forgets_all(tmp_path: Path) -> None:
    model = compiled(0)
    Checkpoint(tmp_path / "c", "key").save(model, [], STATE)
    assert Checkpoint(tmp_path / "c", "other").load(model) is None
    Checkpoint(tmp_path / "c", "other").clear()
    assert not Checkpoint(tmp_path / "c", "key").exists()


def test_a_save_that_fails_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, checkpoint = compiled(0), Checkpoint(tmp_path, "key")
    checkpoint.save(model, [], STATE)

    def full(file: Any, **_: np.ndarray) -> None:
        file.write(b"half")
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", full)
        with pytest.raises(OSError, match="no space"):
            checkpoint.save(model, [], {**STATE, "epoch": 2})
    assert [path.name for path in checkpoint.folder.iterdir()] == ["arrays.npz"]
    found = checkpoint.load(model)
    assert found is not None
    assert found[1]["epoch"] == 1
