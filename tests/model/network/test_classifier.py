"""The classifier: its probability is its heatmap's mean, and it survives a round trip to disk."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tiny

from weldspot.runtime.errors import WeldspotError
from weldspot.model.network import backbones, classifier
from weldspot.model.training import minibatches


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(3)
    return classifier.build("mobilenet_025", tiny.SIZE)


def test_the_probability_is_the_mean_of_the_map(model: keras.Model) -> None:
    images = tiny.images(5)
    probabilities, heatmaps = minibatches.predict(classifier.scorer(model), images)
    logits = np.log(heatmaps / (1 - heatmaps)).mean((1, 2))
    np.testing.assert_allclose(probabilities, 1 / (1 + np.exp(-logits)), atol=1e-4)


def test_saved_and_loaded_it_answers_the_same(model: keras.Model, tmp_path: Path) -> None:
    classifier.save(model, tiny.SIZE, tmp_path)
    first = (tmp_path / classifier.WEIGHTS).read_bytes()
    classifier.save(model, tiny.SIZE, tmp_path)
    assert (tmp_path / classifier.WEIGHTS).read_bytes() == first
    images = tiny.images(3)
    loaded = classifier.load(tmp_path)
    np.testing.assert_array_equal(minibatches.predict(model, images)[0], minibatches.predict(loaded, images)[0])


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeldspotError, match="dvc repro train"):
        classifier.load(tmp_path)


def test_imagenet_weights_make_a_backbone_that_tells_pictures_apart() -> None:
    extractor = backbones.extractor("efficientnet_lite0", 96, "imagenet")
    pictures = tiny.images(2).decode(np.arange(2)).astype(np.float32)
    features = extractor.predict_on_batch(keras.ops.image.resize(pictures, (96, 96)))
    assert features.shape == (2, 3, 3, 1280)
    assert 0 < features.min() + features.max() < 20
    assert np.abs(features[0] - features[1]).mean() > 0.01
