"""The classifier: its probability is its heatmap's mean, and it survives a round trip to disk."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
import tiny
from weld_classes import WELD, of

from weldspot.model.network import classifier
from weldspot.model.network.inference import predict
from weldspot.runtime.errors import WeldspotError


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(3)
    return classifier.build("mobilenet_025", tiny.SIZE, 7)


def test_the_probability_is_the_mean_of_the_map(model: keras.Model) -> None:
    images = tiny.images(5)
    probabilities, heatmaps = predict(classifier.scorer(model, False), images)
    logits = np.log(heatmaps / (1 - heatmaps)).mean((1, 2))
    np.testing.assert_allclose(probabilities, 1 / (1 + np.exp(-logits)), atol=1e-4)


def test_a_head_on_pooled_features_is_the_class_map(model: keras.Model) -> None:
    images, rng = tiny.images(4), np.random.default_rng(0)
    features = predict(classifier.embedder(model), images)[0]
    kernel = rng.normal(size=(features.shape[1], 7)).astype(np.float32)
    bias = rng.normal(size=7).astype(np.float32)
    before = model.get_layer("class_map").get_weights()
    classifier.set_head(model, kernel, bias)
    np.testing.assert_allclose(predict(model, images)[0], features @ kernel + bias, atol=1e-4)
    model.get_layer("class_map").set_weights(before)


def test_saved_and_loaded_it_answers_the_same(model: keras.Model, tmp_path: Path) -> None:
    classifier.save(model, tiny.SIZE, WELD, tmp_path)
    first = (tmp_path / classifier.WEIGHTS).read_bytes()
    classifier.save(model, tiny.SIZE, WELD, tmp_path)
    assert (tmp_path / classifier.WEIGHTS).read_bytes() == first
    images = tiny.images(3)
    loaded = classifier.load(tmp_path, WELD)
    np.testing.assert_array_equal(predict(model, images)[0], predict(loaded, images)[0])


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeldspotError, match="dvc repro train"):
        classifier.load(tmp_path, WELD)


def test_a_model_of_other_classes_is_refused(tmp_path: Path) -> None:
    spec = {"backbone": "mobilenet_025", "size": tiny.SIZE, "classes": ["Crack", "No crack"]}
    (tmp_path / classifier.SPEC).write_text(json.dumps(spec))
    with pytest.raises(WeldspotError, match="trained for other classes"):
        classifier.load(tmp_path, WELD)


def test_the_probabilities_of_an_exclusive_list_add_up_to_one(model: keras.Model) -> None:
    images = tiny.images(5)
    together = predict(classifier.scorer(model, True), images)[0]
    np.testing.assert_allclose(together.sum(1), 1, atol=1e-5)
    alone = predict(classifier.scorer(model, False), images)[0]
    np.testing.assert_array_equal(together.argmax(1), alone.argmax(1))


@pytest.mark.parametrize("count", [1, 3, 20])
def test_any_number_of_classes(tmp_path: Path, count: int) -> None:
    with tiny.small_backbone():
        made = classifier.build("mobilenet_025", tiny.SIZE, count)
        classifier.save(made, tiny.SIZE, of(count), tmp_path)
        assert classifier.load(tmp_path, of(count)).output_shape[0] == (None, count)
    with pytest.raises(WeldspotError, match="trained for other classes"):
        classifier.load(tmp_path, of(count + 1))


def test_in_bfloat16_the_backbone_computes_in_it_and_what_is_learnt_and_given_stays_float32(model: keras.Model) -> None:
    coarse = classifier.build("mobilenet_025", tiny.SIZE, 7, precision="bfloat16")
    coarse.set_weights(model.get_weights())
    assert coarse.get_layer("conv_pw_1").compute_dtype == "bfloat16"
    assert {str(variable.dtype) for variable in coarse.variables} == {"float32"}
    assert keras.config.dtype_policy().name == "float32", "of what is made afterwards"
    images = tiny.images(5)
    for part in (lambda one: one, classifier.embedder):
        found, exact = predict(part(coarse), images)[0], predict(part(model), images)[0]
        assert found.dtype == np.float32
        assert 0 < np.abs(found - exact).max() < 0.05 * np.abs(exact).max()
