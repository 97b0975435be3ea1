"""The phone's file, converted."""

from typing import Any

import keras


def raw_bytes(score: keras.Model) -> Any:
    """The scorer as a concrete function of TensorFlow's: uint8[1, size, size, 3] RGB in, its weights are constants."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    size = score.input.shape[1]
    inputs = keras.Input((size, size, 3), batch_size=1, dtype="uint8", name="image")  # the browser wants batch 1
    outer = keras.Model(inputs, score(keras.layers.Rescaling(1.0, dtype="float32")(inputs)))

    @tf.function(input_signature=[tf.TensorSpec([1, size, size, 3], tf.uint8, name="image")])  # type: ignore[untyped-decorator]
    def serve(image: Any) -> dict[str, Any]:
        probabilities, heatmaps = outer(image, training=False)
        return {"probabilities": probabilities, "heatmaps": heatmaps}

    return convert_variables_to_constants_v2(serve.get_concrete_function())  # the calibrator can't read variables


def convert_float16(score: keras.Model) -> bytes:
    """A .tflite with float16 weights and float32 arithmetic."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_concrete_functions([raw_bytes(score)])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [tf.float16]
    return bytes(converter.convert())
