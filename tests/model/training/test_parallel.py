"""Two devices train as one does, on either backend; virtual devices on the CPU stand for two GPUs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tiny

from weldspot.model.training import parallel

_TRAIN = """
import json, os, sys
from pathlib import Path
folder = Path(sys.argv[1])
if os.environ["KERAS_BACKEND"] == "tensorflow":
    import tensorflow as tf
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    tf.config.experimental.enable_op_determinism()
import keras, numpy as np, tiny
from weldspot.model.network.inference import predict
from weldspot.model.training import devices, finetune, head, parallel
from weldspot.model.training.checkpoint import Checkpoint
from weldspot.model.training.optimizer import averaged

class Killed(BaseException):
    pass

def trained(names, checkpoint, kill_after=None):
    keras.utils.set_random_seed(0)
    history, section = [], tiny.training(dropout=0.0, epochs=2, clean_epochs=1)  # each device would drop others
    def report(record):
        history.append(record)
        if record["epoch"] == kill_after:
            raise Killed
    train, val = tiny.images(27), tiny.images(14, 1)
    with parallel.on(names):
        model = tiny.network()
        loss = None if checkpoint.exists() else head.train_head(model, train, section)
        try:
            finetune.finetune(model, train, val, section, checkpoint, report, loss)
        except Killed:
            return
        answers = predict(model, tiny.images(5))[0]
    return {"history": history, "answers": answers.tolist(), "weights": [w.tolist() for w in averaged(model, section)]}

both = devices.names()
assert len(both) == 2, both
one = trained(both[:1], Checkpoint(folder / "one", "k"))
two = trained(both, Checkpoint(folder / "two", "k"))
resumed = None
if os.environ.get("WELDSPOT_ALL_TESTS"):
    trained(both, Checkpoint(folder / "killed", "k"), kill_after=1)
    resumed = trained(both, Checkpoint(folder / "killed", "k"))
(folder / "told.json").write_text(json.dumps({"one": one, "two": two, "resumed": resumed}))
"""


@pytest.mark.thorough
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_two_devices_come_to_the_weights_of_one(tmp_path: Path, backend: str) -> None:
    paths = [str(Path(tiny.__file__).parent), str(Path(tiny.__file__).parents[1]), *filter(None, sys.path)]
    if backend == "jax":
        pytest.importorskip("jax", reason="jax is in the dev extra: pip install -e '.[dev]'")
    told = {"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": os.pathsep.join(paths)} | told
    command = [sys.executable, "-c", _TRAIN, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "told.json").read_text())
    one, two, resumed = found["one"], found["two"], found["resumed"]
    assert np.shape(two["answers"]) == (5, 7)
    for epoch, (ours, theirs) in enumerate(zip(two["history"], one["history"], strict=True)):
        # in the mean over an epoch a batch that was filled up counts as a full one: of 27 the last 3 as 4
        assert ours["loss"] == pytest.approx(theirs["loss"], rel=0.005 if epoch else 1e-4)
        assert ours["val_loss"] == pytest.approx(theirs["val_loss"], rel=1e-4)
    for ours, theirs in zip(two["weights"], one["weights"], strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-5)
    np.testing.assert_allclose(two["answers"], one["answers"], atol=2e-4)
    if resumed is None:
        return  # ten seconds more: WELDSPOT_ALL_TESTS=1
    assert resumed["weights"] == two["weights"]
    assert [each["val_loss"] for each in resumed["history"]] == [each["val_loss"] for each in two["history"]]


def test_the_average_over_the_devices_is_that_over_the_pictures() -> None:
    pictures, labels = np.arange(5 * 12, dtype=np.uint8).reshape(5, 2, 2, 3), np.eye(5, 7, dtype=np.float32)
    losses = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    for count in (2, 3, 4):
        shown, told, weights = parallel._filled_up(pictures, labels, count, 1)
        assert len(shown) == len(told) == len(weights)
        assert len(weights) % count == 0
        weighted = (weights * losses[shown[:, 0, 0, 0] // 12]).reshape(count, -1)
        assert weighted.mean(1).mean() == pytest.approx(losses.mean())


def test_on_one_device_the_minibatches_are_as_they_are() -> None:
    batches = [(np.zeros((3, 2, 2, 3), np.uint8), np.zeros((3, 7), np.float32))]
    with parallel.on(["the only one"]):
        assert parallel.shares(batches, 8) is batches
