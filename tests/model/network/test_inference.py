"""Answers for many images."""

import keras
import numpy as np
import pytest
import tiny

from weldspot.model.network.inference import predict


@pytest.fixture(scope="module")
def means() -> keras.Model:
    """Two outputs: the mean of each colour, and the picture itself."""
    inputs = keras.Input((tiny.SIZE, tiny.SIZE, 3))
    return keras.Model(inputs, [keras.layers.GlobalAveragePooling2D()(inputs), keras.layers.Identity()(inputs)])


@pytest.mark.parametrize("batch_size", [1, 4, 5, 64])
def test_one_array_an_output_in_the_order_of_the_images(means: keras.Model, batch_size: int) -> None:
    images = tiny.images(5)
    pictures = images.decode(np.arange(5))
    colours, same = predict(means, images, batch_size)
    np.testing.assert_allclose(colours, pictures.mean((1, 2)), rtol=1e-5)
    np.testing.assert_array_equal(same, pictures)


def test_a_model_of_one_output_gives_one_array() -> None:
    inputs = keras.Input((tiny.SIZE, tiny.SIZE, 3))
    model = keras.Model(inputs, keras.layers.GlobalMaxPooling2D()(inputs))
    assert [found.shape for found in predict(model, tiny.images(3))] == [(3, 3)]
