"""Integers, but for both ends."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tiny
from ai_edge_litert.interpreter import Interpreter

from weldspot.model.export import tflite
from weldspot.model.export.phone_model import PhoneModel
from weldspot.model.export.quantisation import convert_int8
from weldspot.model.network.inference import predict

pytestmark = [  # TensorFlow's own, about itself
    pytest.mark.filterwarnings("ignore:Statistics for quantized inputs"),
    pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated"),
]


@pytest.fixture(scope="module")
def file(score: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("int8") / "model.tflite"
    path.write_bytes(convert_int8(score, tiny.images(8)))
    return path


def test_raw_bytes_in_and_nearly_what_keras_says_out(score: keras.Model, file: Path) -> None:
    images = tiny.images(8)
    phone = PhoneModel(file)
    spec = phone.input_spec()
    assert (spec.dtype, spec.scale, spec.zero_point) == ("uint8", 1.0, 0)
    expected, maps = predict(score, images)
    answered, _, shown = phone.predict(images)
    assert np.abs(shown - maps).max() < 0.1
    assert np.abs(answered - expected).max() < 0.05
    assert phone(images.decode(np.array([0]))[0])[1].shape == maps.shape[1:]


def test_the_middle_is_integers_and_the_ends_are_not(file: Path) -> None:
    tensors = Interpreter(model_path=str(file)).get_tensor_details()
    maps = [t for t in tensors if len(t["shape"]) == 4 and t["shape"][0] == 1 and t["shape"][3] > 3]
    integers = [t for t in maps if t["dtype"] is np.int8]
    assert integers
    assert max(int(t["shape"][1]) for t in integers) <= tiny.SIZE // 4  # what enters the first integer layer
    assert all(t["dtype"] is np.float32 for t in maps if t["shape"][1] > tiny.SIZE // 4 or t["shape"][3] == 7)


def test_it_is_smaller_than_float16(score: keras.Model, file: Path) -> None:
    assert file.stat().st_size < len(tflite.convert_float16(score))
