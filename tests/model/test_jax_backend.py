"""The same training under KERAS_BACKEND=jax, and TensorFlow takes its result."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tiny

from weldspot.model import batches, classifier, tflite

pytest.importorskip("jax", reason="jax is in the dev extra: pip install -e '.[dev]'")

_TRAIN = """
import sys
from pathlib import Path
import keras, numpy as np, tiny
from weldspot.model import batches, classifier, finetune
from weldspot.model.checkpoint import Checkpoint

assert keras.backend.backend() == "jax"
folder = Path(sys.argv[1])
keras.utils.set_random_seed(0)
model = classifier.build("mobilenet_025", tiny.SIZE)
before = model.get_weights()
section = tiny.training(epochs=2, ema=0.0)
history = []
finetune.finetune(model, tiny.images(), tiny.images(14, 1), section, Checkpoint(folder / "c", "k"), history.append)
assert history[2]["loss"] < history[1]["loss"], history
classifier.save(model, folder)
np.save(folder / "answers.npy", batches.predict(model, tiny.images(6))[0])
"""


def test_jax_trains_and_tensorflow_exports(tmp_path: Path) -> None:
    paths = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    environment = os.environ | {"KERAS_BACKEND": "jax", "PYTHONPATH": paths}
    command = [sys.executable, "-c", _TRAIN, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    model = classifier.load(tmp_path)
    answers = batches.predict(model, tiny.images(6))[0]
    np.testing.assert_allclose(answers, np.load(tmp_path / "answers.npy"), atol=1e-3)
    file = tmp_path / "model.tflite"
    file.write_bytes(tflite.convert_float16(classifier.scorer(model)))
    probabilities, _ = tflite.PhoneModel(file).predict(tiny.images(6))
    np.testing.assert_allclose(probabilities, 1 / (1 + np.exp(-answers)), atol=0.01)
