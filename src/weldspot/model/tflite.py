"""The phone's file: conversion, and the phone's own runtime."""

import hashlib
import time
from pathlib import Path

import keras
import numpy as np

from weldspot.errors import WeldspotError
from weldspot.images.dataset import Images
from weldspot.labels import CLASSES


def raw_bytes(score: keras.Model):  # type: ignore[no-untyped-def]
    """The scorer as a concrete function of one picture, uint8[1, size, size, 3] RGB; its weights are constants."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    size = score.input.shape[1]
    inputs = keras.Input((size, size, 3), batch_size=1, dtype="uint8", name="image")  # the browser wants batch 1
    outer = keras.Model(inputs, score(keras.layers.Rescaling(1.0, dtype="float32")(inputs)))

    @tf.function(input_signature=[tf.TensorSpec([1, size, size, 3], tf.uint8, name="image")])
    def serve(image):  # type: ignore[no-untyped-def]
        probabilities, heatmaps = outer(image, training=False)
        return {"probabilities": probabilities, "heatmaps": heatmaps}

    return convert_variables_to_constants_v2(serve.get_concrete_function())  # the calibrator can't read variables


def convert_float16(score: keras.Model) -> bytes:
    """float16 weights, float32 arithmetic."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_concrete_functions([raw_bytes(score)])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [tf.float16]
    return converter.convert()


class PhoneModel:
    """A .tflite file in the phone's runtime: uint8[1, size, size, 3] → probabilities [7], heatmaps [h, w, 7]."""

    def __init__(self, path: Path, threads: int = 2) -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            self._runtime = Interpreter(model_path=str(path), num_threads=threads)
            self._runtime.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise WeldspotError(
                f"{path}: the TFLite runtime does not load it ({error}); run `dvc repro export`"
            ) from error
        self._input = self._runtime.get_input_details()[0]
        outputs = self._runtime.get_output_details()
        self._probabilities = next(o for o in outputs if tuple(o["shape"]) == (1, len(CLASSES)))
        self._heatmaps = next(o for o in outputs if len(o["shape"]) == 4)

    def input_spec(self) -> dict:
        """Shape, dtype and quantisation of the input as the file declares them."""
        scale, zero = self._input["quantization"]
        shape, dtype = self._input["shape"].tolist(), np.dtype(self._input["dtype"]).name
        return {"shape": shape, "dtype": dtype, "scale": float(scale) or 1.0, "zero_point": int(zero)}

    def __call__(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self._runtime.set_tensor(self._input["index"], image[None])
        self._runtime.invoke()
        read = self._runtime.get_tensor
        return read(self._probabilities["index"])[0], read(self._heatmaps["index"])[0]

    def predict(self, images: Images) -> tuple[np.ndarray, float]:
        """Probabilities float32[n, 7] and the median milliseconds of one image."""
        answers, seconds = [], []
        for index in range(len(images)):
            image = images.decode(np.array([index]))[0]
            start = time.perf_counter()
            answers.append(self(image)[0])
            seconds.append(time.perf_counter() - start)
        return np.array(answers), 1000 * float(np.median(seconds))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
