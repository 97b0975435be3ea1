"""The head that says where."""

import keras
import numpy as np
import pytest
import tiny

from weldspot.model.network import classifier, where
from weldspot.model.network.inference import predict


@pytest.fixture
def model() -> keras.Model:
    keras.utils.set_random_seed(3)
    return classifier.build("mobilenet_025", tiny.SIZE, 7)


def test_each_cell_is_four_and_what_is_too_much_is_cut() -> None:
    x = np.arange(2 * 3 * 2 * 5, dtype=np.float32).reshape(2, 3, 2, 5)
    found = np.asarray(where.Doubled()(x, np.zeros((2, 5, 4, 1), np.float32)))
    np.testing.assert_array_equal(found, x.repeat(2, 1).repeat(2, 2)[:, :5])


def test_what_has_learnt_nothing_shows_the_class_map(model: keras.Model) -> None:
    maps = predict(model, tiny.images(3))[1]
    class_map = keras.Model(model.input, model.get_layer("class_map").output)
    coarse = predict(class_map, tiny.images(3))[0]
    assert maps.shape == (3, 8, 8, 7)
    np.testing.assert_allclose(maps, coarse.repeat(4, 1).repeat(4, 2), atol=1e-5)


def test_a_class_has_its_own_map_when_it_is_told_so(model: keras.Model) -> None:
    before = predict(model, tiny.images(3))[1]
    where.use_own(model, np.arange(7) == 2)
    where.raise_by(model, [0.0] * 2 + [1.5] + [0.0] * 4)
    maps = predict(model, tiny.images(3))[1]
    np.testing.assert_allclose(maps[..., 2], 1.5, atol=1e-6)
    np.testing.assert_allclose(np.delete(maps, 2, -1), np.delete(before, 2, -1), atol=1e-6)


def test_the_head_on_its_features_gives_the_models_own_maps(model: keras.Model) -> None:
    rng = np.random.default_rng(0)
    layer = model.get_layer("where_own")
    layer.set_weights([rng.normal(size=part.shape) for part in layer.get_weights()])
    where.use_own(model, np.ones(7, bool))
    features = where.features(model).predict_on_batch(tiny.images(3).decode(np.arange(3)))
    assert [one.shape[1:3] for one in features] == [(2, 2), (4, 4), (8, 8)]
    np.testing.assert_allclose(
        where.head(model).predict_on_batch(features), predict(model, tiny.images(3))[1], atol=1e-4
    )


def test_a_backbone_without_finer_features_has_a_map_of_its_own_size() -> None:
    with tiny.small_backbone():
        model = classifier.build("mobilenet_025", tiny.SIZE, 7)
    assert model.output_shape == [(None, 7), (None, 4, 4, 7)]
    assert classifier.grid(model, tiny.SIZE) == (4, 4)
