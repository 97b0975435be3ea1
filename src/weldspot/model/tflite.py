"""The phone's file: conversion, and the phone's own runtime."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np

from weldspot.errors import WeldspotError
from weldspot.images.dataset import Images
from weldspot.labels import CLASSES


def _function(score: keras.Model, size: int):  # type: ignore[no-untyped-def]
    import tensorflow as tf

    signature = tf.TensorSpec([1, size, size, 3], tf.float32, name="image")  # the browser runtime wants batch 1

    @tf.function(input_signature=[signature])
    def serve(image):  # type: ignore[no-untyped-def]
        probabilities, heatmaps = score(image, training=False)
        return {"probabilities": probabilities, "heatmaps": heatmaps}

    return _frozen(serve)


def _frozen(function):  # type: ignore[no-untyped-def]
    """Weights as constants: the calibrator cannot read Keras 3's variables."""
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    return convert_variables_to_constants_v2(function.get_concrete_function())


def convert_int8(score: keras.Model, calibration: Images) -> bytes:
    """Integer weights and activations up to the logits; uint8 RGB in with scale 1 and zero point 0, float out."""
    import tensorflow as tf

    size = score.input.shape[1]

    def representative() -> Iterator[list[np.ndarray]]:
        ramp = np.linspace(0, 255, size * size * 3, dtype=np.float32).reshape(1, size, size, 3)
        yield [ramp]  # black to white: the input's range is that of a byte, so that a byte goes in as it is
        for index in range(len(calibration)):
            yield [calibration.decode(np.array([index])).astype(np.float32)]

    converter = tf.lite.TFLiteConverter.from_concrete_functions([_function(score, size)])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representative
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.lite.OpsSet.TFLITE_BUILTINS]
    return _float_sigmoid(converter, representative)


def _float_sigmoid(converter, representative) -> bytes:  # type: ignore[no-untyped-def]
    """Quantises all but the sigmoid: 256 steps of probability tie the sure ones, which cost 0.7 points of mean AP."""
    import tensorflow as tf
    from tensorflow.lite.python.util import modify_model_io_type

    options = tf.lite.experimental.QuantizationDebugOptions(denylisted_ops=["LOGISTIC"])
    debugger = tf.lite.experimental.QuantizationDebugger(
        converter=converter, debug_dataset=representative, debug_options=options
    )
    # the debugger leaves the input a float; this turns its leading QUANTIZE into the input itself
    return bytes(modify_model_io_type(debugger.get_nondebug_quantized_model(), tf.uint8, tf.float32))


def convert_float16(score: keras.Model) -> bytes:
    """float16 weights, float32 arithmetic; uint8 RGB in, cast inside the graph."""
    import tensorflow as tf

    size = score.input.shape[1]
    inputs = keras.Input((size, size, 3), batch_size=1, dtype="uint8", name="image")
    outer = keras.Model(inputs, score(keras.layers.Rescaling(1.0, dtype="float32")(inputs)))

    @tf.function(input_signature=[tf.TensorSpec([1, size, size, 3], tf.uint8, name="image")])
    def serve(image):  # type: ignore[no-untyped-def]
        probabilities, heatmaps = outer(image, training=False)
        return {"probabilities": probabilities, "heatmaps": heatmaps}

    converter = tf.lite.TFLiteConverter.from_concrete_functions([_frozen(serve)])
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
        return {"shape": shape, "dtype": dtype, "scale": float(scale), "zero_point": int(zero)}

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
