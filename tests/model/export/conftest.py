"""A scorer to convert."""

import keras
import pytest
import tiny

from weldspot.model.network import classifier


@pytest.fixture(scope="session")
def score() -> keras.Model:
    keras.utils.set_random_seed(1)
    return classifier.scorer(classifier.build("mobilenet_025", tiny.SIZE, 7), False)
