"""Probabilities that mean what they say: Platt's scaling (1999) on scenes apart, put into the last layer.

Each class's logits are stretched and moved, an exclusive list's stretched alike: no ranking within a class changes.
"""

from typing import NamedTuple

import keras
import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logit, softmax

from weldspot.model.evaluation.metrics import PerClass, Scores, Truth

_EDGE = 1e-7  # of probabilities, in single precision
_DIGITS = 6
_WIDEST = 3.0  # of the stretch's logarithm: a twentieth to twenty times


class Scaling(NamedTuple):
    """Each class's logits times `stretch` plus `shift`."""

    stretch: PerClass
    shift: PerClass

    def __call__(self, probabilities: Scores, exclusive: bool) -> Float[np.ndarray, "n classes"]:
        """Probabilities as the scaled model gives them."""
        logits = _logits(probabilities, exclusive) * self.stretch + self.shift
        scaled = softmax(logits, 1) if exclusive else expit(logits)
        return np.asarray(scaled, np.float32)

    def put(self, model: keras.Model) -> None:
        """Changes the class map of the trainer, and so every probability that it and its phone file give."""
        layer = model.get_layer("class_map")
        kernel, bias = layer.get_weights()
        scaled = kernel * self.stretch, bias * self.stretch + self.shift
        layer.set_weights([part.astype(np.float32) for part in scaled])


def fit(truth: Truth, probabilities: Scores, exclusive: bool) -> Scaling:
    """The scaling under which the labels of photographs that the model has not learnt from are likeliest.

    A class that all or none of them show keeps its probabilities.
    """
    logits, classes = _logits(probabilities, exclusive), truth.shape[1]
    if exclusive:
        return Scaling(np.full(classes, _temperature(truth, logits)), np.zeros(classes))
    found = [_platt(truth[:, column], logits[:, column]) for column in range(classes)]
    return Scaling(*np.array(found).T.round(_DIGITS))


def _platt(shown: Float[np.ndarray, " n"] | np.ndarray, logits: Float[np.ndarray, " n"]) -> tuple[float, float]:
    positives = int(shown.sum())
    negatives = len(shown) - positives
    if not positives or not negatives:
        return 1.0, 0.0
    # Platt's targets: what is separated without a fault is not therefore certain
    wanted = np.where(shown > 0, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(given: np.ndarray) -> float:
        scaled = np.exp(given[0]) * logits + given[1]
        return float(np.mean(np.logaddexp(0, scaled) - wanted * scaled))

    best = minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=[(-_WIDEST, _WIDEST), (None, None)])
    return float(np.exp(best.x[0])), float(best.x[1])


def _temperature(truth: Truth, logits: Float[np.ndarray, "n classes"]) -> float:
    """What the logits of all classes are stretched by."""
    told = truth[truth.sum(1) > 0], logits[truth.sum(1) > 0]
    if not len(told[0]):
        return 1.0

    def loss(given: np.ndarray) -> float:
        return float(-np.mean((told[0] * log_softmax(np.exp(given[0]) * told[1], 1)).sum(1)))

    best = minimize(loss, np.zeros(1), method="L-BFGS-B", bounds=[(-_WIDEST, _WIDEST)])
    return round(float(np.exp(best.x[0])), _DIGITS)


def _logits(probabilities: Scores, exclusive: bool) -> Float[np.ndarray, "n classes"]:
    bounded = np.clip(probabilities.astype(np.float64), _EDGE, 1 - _EDGE)
    return np.log(bounded) if exclusive else logit(bounded)
