"""Scores between two epochs."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tiny
from sklearn.metrics import log_loss

from weldspot.model.evaluation import metrics
from weldspot.model.network.inference import predict
from weldspot.model.training.validation import validate, validate_with


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    return tiny.network()


def test_the_loss_is_plain_cross_entropy(model: keras.Model) -> None:
    images = tiny.images(14)
    found = validate(model, images)
    logits = predict(model, images)[0].astype(np.float64)
    probabilities = 1 / (1 + np.exp(-logits))
    by_class = [log_loss(images.labels[:, k], probabilities[:, k], labels=[0, 1]) for k in range(7)]
    assert found["val_loss"] == pytest.approx(float(np.mean(by_class)))
    assert found["val_mean_roc_auc"] == metrics.mean(metrics.roc_auc(images.labels, logits))
    assert found["val_mean_average_precision"] == metrics.mean(metrics.average_precision(images.labels, logits))


def test_other_weights_are_scored_and_the_model_keeps_its_own(model: keras.Model) -> None:
    images, own = tiny.images(14), model.get_weights()
    other = tiny.network()
    assert validate_with(model, other.get_weights(), images) == validate(other, images) != validate(model, images)
    for one, two in zip(model.get_weights(), own, strict=True):
        np.testing.assert_array_equal(one, two)


def test_of_an_exclusive_list_pictures_are_ranked_by_what_their_classes_make_of_each_other(model: keras.Model) -> None:
    images = tiny.images(14)
    exclusive = replace(images, classes=replace(images.classes, exclusive=True))
    found = validate(model, exclusive)
    logits = predict(model, images)[0].astype(np.float64)
    softmax = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    assert found["val_loss"] == pytest.approx(log_loss(images.labels.argmax(1), softmax, labels=range(7)))
    assert found["val_mean_average_precision"] == metrics.mean(metrics.average_precision(images.labels, softmax))
