"""How good the model is on the validation images, between two epochs."""

from typing import TypedDict

import keras
import numpy as np

from weldspot.images.dataset import Images
from weldspot.model.evaluation import metrics
from weldspot.model.network.inference import predict


class ValidationScores(TypedDict):
    """Plain cross-entropy, and the means over the classes."""

    val_loss: float
    val_mean_average_precision: float
    val_mean_roc_auc: float


def validate(model: keras.Model, images: Images) -> ValidationScores:
    """Scores of a model that gives logits."""
    logits = predict(model, images)[0].astype(np.float64)
    if images.classes.exclusive:  # logits of one picture are to be compared with each other first
        logits -= np.logaddexp.reduce(logits, axis=1, keepdims=True)
        loss = -np.mean((images.labels * logits).sum(1))
    else:
        loss = np.mean(np.logaddexp(0, logits) - images.labels * logits)
    return {
        "val_loss": float(loss),
        "val_mean_average_precision": metrics.mean(metrics.average_precision(images.labels, logits)),
        "val_mean_roc_auc": metrics.mean(metrics.roc_auc(images.labels, logits)),
    }


def validate_with(model: keras.Model, weights: list[np.ndarray], images: Images) -> ValidationScores:
    """Scores with other weights; the model keeps its own."""
    raw = model.get_weights()
    model.set_weights(weights)
    scores = validate(model, images)
    model.set_weights(raw)
    return scores
