"""The classifier and its backbones."""

import keras as _keras

# said outright: ~/.keras/keras.json holds the last word of whichever project wrote it
_keras.config.set_floatx("float32")
_keras.config.set_dtype_policy("float32")
_keras.config.set_image_data_format("channels_last")
_keras.config.set_epsilon(1e-7)
