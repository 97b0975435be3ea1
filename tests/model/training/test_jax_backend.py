"""The same training under KERAS_BACKEND=jax, and TensorFlow takes its result."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tiny
from weld_classes import WELD

from weldspot.model.export import tflite
from weldspot.model.export.phone_model import PhoneModel
from weldspot.model.network import classifier
from weldspot.model.network.inference import predict
from weldspot.model.training import finetune
from weldspot.model.training.checkpoint import Checkpoint
from weldspot.model.training.history import EpochRecord

pytest.importorskip("jax", reason="jax is in the dev extra: pip install -e '.[dev]'")

_TRAIN = """
import json, sys
from pathlib import Path
import keras, numpy as np, tiny
from weld_classes import WELD
from weldspot.model.network import classifier
from weldspot.model.network.inference import predict
from weldspot.model.training import finetune
from weldspot.model.training.checkpoint import Checkpoint

assert keras.backend.backend() == "jax"
folder = Path(sys.argv[1])
pictures = tiny.images(2).decode(np.arange(2)).astype(np.float32)
np.save(folder / "backbone.npy", np.asarray(classifier.load(folder / "backbone", WELD)(pictures, training=False)))

with tiny.small_backbone():
    model = classifier.load(folder / "start", WELD)
history = []
checkpoint = Checkpoint(folder / "c", "k")
finetune.finetune(model, tiny.images(), tiny.images(14, 1), tiny.training(dropout=0.0), checkpoint, history.append)
(folder / "history.json").write_text(json.dumps(history))
classifier.save(model, tiny.SIZE, WELD, folder)
np.save(folder / "answers.npy", predict(model, tiny.images(6))[0])
"""


@pytest.mark.thorough
def test_jax_trains_to_the_same_scores_and_tensorflow_exports(tmp_path: Path) -> None:
    keras.utils.set_random_seed(0)
    backbone, start = classifier.build("mobilenet_025", tiny.SIZE, 7), tiny.network()
    for name, model in (("backbone", backbone), ("start", start)):
        (tmp_path / name).mkdir()
        classifier.save(model, tiny.SIZE, WELD, tmp_path / name)
    paths = os.pathsep.join(
        [str(Path(tiny.__file__).parent), str(Path(tiny.__file__).parents[1]), *filter(None, sys.path)]
    )
    quick = {"JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}  # compiling takes longer here than training
    environment = os.environ | {"KERAS_BACKEND": "jax", "PYTHONPATH": paths} | quick
    command = [sys.executable, "-c", _TRAIN, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    pictures = tiny.images(2).decode(np.arange(2)).astype(np.float32)
    expected = np.asarray(backbone(pictures, training=False))
    np.testing.assert_allclose(np.load(tmp_path / "backbone.npy"), expected, atol=1e-4)

    history: list[EpochRecord] = []
    checkpoint = Checkpoint(tmp_path / "tensorflow", "k")
    section = tiny.training(dropout=0.0)
    finetune.finetune(start, tiny.images(), tiny.images(14, 1), section, checkpoint, history.append)
    found = json.loads((tmp_path / "history.json").read_text())
    assert [record["epoch"] for record in found] == [record["epoch"] for record in history]
    for ours, theirs in zip(found, history, strict=True):  # the same start and batches: only rounding differs
        assert ours["val_loss"] == pytest.approx(theirs["val_loss"], rel=0.02)
        assert ours["val_mean_average_precision"] == pytest.approx(theirs["val_mean_average_precision"], abs=0.05)

    with tiny.small_backbone():
        model = classifier.load(tmp_path, WELD)
    answers = predict(model, tiny.images(6))[0]
    np.testing.assert_allclose(answers, np.load(tmp_path / "answers.npy"), atol=1e-3)
    file = tmp_path / "model.tflite"
    file.write_bytes(tflite.convert_float16(classifier.scorer(model, False)))
    probabilities, _ = PhoneModel(file).predict(tiny.images(6))
    np.testing.assert_allclose(probabilities, 1 / (1 + np.exp(-answers)), atol=0.01)
