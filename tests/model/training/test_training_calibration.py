"""Probabilities mean what they say afterwards, rank as before, and the model gives them itself."""

import numpy as np
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, softmax

from weldspot.model.evaluation import metrics
from weldspot.model.network import classifier
from weldspot.model.network.inference import predict
from weldspot.model.training import calibration


def told(seed: int, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Labels, and probabilities that are twice as sure as they may be and lean to yes."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(-0.5, 1.5, (count, 3))
    return (rng.random(logits.shape) < expit(logits)).astype(np.uint8), expit(2 * logits + 1).astype(np.float32)


def test_what_is_too_sure_is_brought_back() -> None:
    truth, said = told(0)
    scaling = calibration.fit(truth, said, False)
    scaled = scaling(said, False)
    fresh, again = told(1)
    before, after = (metrics.calibration_error(fresh, p, 10) for p in (again, scaling(again, False)))
    assert (before > 0.1).all()
    assert (after < 0.03).all()
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(metrics.roc_auc(truth, said), metrics.roc_auc(truth, scaled), atol=1e-3)


def test_an_exclusive_list_keeps_its_ranking_and_adds_up_to_one() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 1.5, (3000, 4))
    classes = np.array([rng.choice(4, p=row) for row in softmax(logits, 1)])
    truth, said = np.eye(4, dtype=np.uint8)[classes], softmax(3 * logits, 1).astype(np.float32)
    scaling = calibration.fit(truth, said, True)
    assert scaling.stretch == pytest.approx(np.full(4, 1 / 3), rel=0.1)
    scaled = scaling(said, True)
    np.testing.assert_allclose(scaled.sum(1), 1, atol=1e-5)
    assert (scaled.argmax(1) == said.argmax(1)).all()


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.booleans())
@settings(max_examples=25, deadline=None)
def test_of_few_photographs_it_is_still_a_scaling(seed: int, count: int, exclusive: bool) -> None:
    rng = np.random.default_rng(seed)
    said = rng.random((count, 3), np.float32)
    truth = (
        np.eye(3, dtype=np.uint8)[rng.integers(3, size=count)]
        if exclusive
        else rng.integers(0, 2, (count, 3), np.uint8)
    )
    said = said / said.sum(1, keepdims=True) if exclusive else said.round()  # certain of everything
    scaling = calibration.fit(truth, said, exclusive)
    assert np.isfinite(scaling).all()
    assert (scaling.stretch > 0).all()
    assert np.isfinite(scaling(said, exclusive)).all()


def test_a_class_of_which_nothing_is_known_stays_as_it_is() -> None:
    truth, said = told(0, 50)
    truth[:, 0], truth[:, 1] = 0, 1
    scaling = calibration.fit(truth, said, False)
    assert scaling.stretch[:2].tolist() == [1, 1]
    assert scaling.shift[:2].tolist() == [0, 0]


@pytest.mark.parametrize("exclusive", [False, True])
def test_the_model_itself_says_so_afterwards(exclusive: bool) -> None:
    images = tiny.images(14)
    with tiny.small_backbone():
        model = classifier.build("mobilenet_025", None, 7)
    kernel = np.random.default_rng(0).normal(0, 0.3, (16, 7)).astype(np.float32)
    classifier.set_head(model, kernel, np.zeros(7, np.float32))
    before = predict(classifier.scorer(model, exclusive), images)[0]
    count = before.shape[1]
    shift = np.zeros(count) if exclusive else np.linspace(-1, 1, count)
    scaling = calibration.Scaling(np.full(count, 0.5) if exclusive else np.linspace(0.5, 2, count), shift)
    scaling.put(model)
    after = predict(classifier.scorer(model, exclusive), images)[0]
    np.testing.assert_allclose(after, scaling(before, exclusive), atol=1e-5)
