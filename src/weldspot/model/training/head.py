"""The linear head, trained on features that are computed once."""

from collections.abc import Iterator

import keras
import numpy as np
from jaxtyping import Float, Int

from weldspot.config.sections.training import Training
from weldspot.images.dataset import Images
from weldspot.model.network import classifier
from weldspot.model.network.inference import predict
from weldspot.model.training import minibatches, parallel
from weldspot.model.training.loss import objective

_BATCH = 64


def train_head(model: keras.Model, images: Images, section: Training) -> float:
    """Fits the class map on the pooled features of original images (background thinned) and puts it into the model.

    Returns:
        The loss of its last epoch.
    """
    originals = np.flatnonzero(images.variants == 0)
    originals = np.sort(minibatches.thinned(images, np.random.default_rng(section.seed).permutation(originals)))
    features = predict(classifier.embedder(model), images.take(originals))[0]
    labels = images.labels[originals].astype(np.float32)
    kernel, bias, loss = fit_linear(features, labels, images.classes.exclusive, section)
    classifier.set_head(model, kernel, bias)
    return loss


def fit_linear(
    features: Float[np.ndarray, "n channels"],
    labels: Float[np.ndarray, "n classes"],
    exclusive: bool,
    section: Training,
) -> tuple[Float[np.ndarray, "channels classes"], Float[np.ndarray, " classes"], float]:
    """Kernel, bias and last epoch's loss of a logistic regression: a class by itself, or one of an exclusive list."""
    inputs = keras.Input((features.shape[1],))
    dense = keras.layers.Dense(labels.shape[1], kernel_regularizer=keras.regularizers.L2(1e-4))
    linear = keras.Model(inputs, dense(keras.layers.Dropout(section.dropout, seed=section.seed)(inputs)))
    linear.compile(keras.optimizers.Adam(section.head_learning_rate), objective(labels, exclusive, section))
    parallel.build(linear, features.shape[1:], labels.shape[1])
    rng = np.random.default_rng(section.seed)
    for _ in range(section.head_epochs):
        epoch = _minibatches(features, labels, rng.permutation(len(features)))
        steps = -(-len(features) // _BATCH)
        history = linear.fit(parallel.shares(epoch, _BATCH), steps_per_epoch=steps, shuffle=False, verbose=0)
    kernel, bias = dense.get_weights()
    return kernel, bias, float(history.history["loss"][-1])


def _minibatches(
    features: Float[np.ndarray, "n channels"], labels: Float[np.ndarray, "n classes"], order: Int[np.ndarray, " n"]
) -> Iterator[tuple[Float[np.ndarray, "k channels"], Float[np.ndarray, "k classes"]]]:
    """In this order, a few rows at a time: fit() of all of them would keep two more copies of the features."""
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        yield features[rows], labels[rows]
