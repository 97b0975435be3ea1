"""The phone's file says what Keras says."""

from pathlib import Path

import keras
import numpy as np
import tiny

from weldspot.model.export import tflite
from weldspot.model.export.phone_model import PhoneModel
from weldspot.model.network.inference import predict


def test_float16_takes_raw_bytes_and_says_what_keras_says(score: keras.Model, tmp_path: Path) -> None:
    images = tiny.images(8)
    (tmp_path / "model.tflite").write_bytes(tflite.convert_float16(score))
    phone = PhoneModel(tmp_path / "model.tflite")
    spec = phone.input_spec()
    assert (spec.shape, spec.side, spec.dtype) == ((1, tiny.SIZE, tiny.SIZE, 3), tiny.SIZE, "uint8")
    expected, maps = predict(score, images)
    answered, _, shown = phone.predict(images)
    assert np.abs(shown - maps).max() < 0.1
    assert np.abs(answered - expected).max() < 0.005
    seen = phone(images.decode(np.array([0]))[0])[1]
    assert seen.shape == maps.shape[1:]
    assert np.abs(seen - maps[0]).max() < 0.02


def test_the_function_is_of_one_picture_and_holds_its_weights(score: keras.Model) -> None:
    function = tflite.raw_bytes(score)
    assert [tuple(tensor.shape) for tensor in function.inputs] == [(1, tiny.SIZE, tiny.SIZE, 3)]
    assert function.inputs[0].dtype.name == "uint8"
    assert sorted(tuple(tensor.shape) for tensor in function.outputs) == [(1, 7), (1, 8, 8, 7)]
    assert not function.variables
