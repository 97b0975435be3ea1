"""Post-training quantisation of the phone's file, where it costs nothing that shows.

Why both ends stay in float: docs/decisions/0003-float-ends-of-the-int8-model.md.
"""

from collections.abc import Iterator

import keras
import numpy as np

from weldspot.images.dataset import Images
from weldspot.images.feed import Feed
from weldspot.model.export.tflite import raw_bytes


def convert_int8(score: keras.Model, calibration: Images) -> bytes:
    """Integer weights and activations but for both ends; uint8 RGB in, float out.

    Three things stay float32, for 70 kB and half a millisecond. The first layers, at a quarter of the picture's side or
    more: they have few weights, and all later layers work on their error (1 point of mean AP on real photographs).
    The class map, enlarged or not, and its mean. The sigmoid (or softmax): 256 steps of probability tie the sure ones
    (0.7 points).
    """
    import tensorflow as tf

    def representative() -> Iterator[list[np.ndarray]]:
        with Feed(calibration, np.arange(len(calibration)), 1) as feed:
            for picture in feed:
                yield [picture]

    converter = tf.lite.TFLiteConverter.from_concrete_functions([raw_bytes(score)])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representative
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.lite.OpsSet.TFLITE_BUILTINS]
    options = tf.lite.experimental.QuantizationDebugOptions(denylisted_ops=["LOGISTIC", "SOFTMAX", "MEAN"])
    debugger = tf.lite.experimental.QuantizationDebugger(
        converter=converter, debug_dataset=representative, debug_options=options
    )
    options.denylisted_nodes = _float_nodes(debugger.calibrated_model, score.input.shape[1], len(calibration.classes))
    return bytes(debugger.get_nondebug_quantized_model())  # reads the options anew


def _float_nodes(calibrated: bytes, size: int, classes: int) -> list[str]:
    """Names of the tensors that the layers named above give, in the float model that the calibrator leaves."""
    from ai_edge_litert.interpreter import Interpreter

    tensors = Interpreter(model_content=calibrated).get_tensor_details()
    maps = [t for t in tensors if len(t["shape"]) == 4 and t["shape"][0] == 1]
    names = [t["name"] for t in maps if t["shape"][1] >= size // 4 or t["shape"][3] == classes]
    return names + [t["name"] for t in tensors if "where_class_map" in t["name"] and t["name"] not in names]
