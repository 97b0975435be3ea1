"""A model's answers for many images, which are decoded ahead of it."""

import keras
import numpy as np
from jaxtyping import Float

from weldspot.images.dataset import Images
from weldspot.images.feed import Feed


def predict(model: keras.Model, images: Images, batch_size: int = 64) -> list[Float[np.ndarray, "n ..."]]:
    """The model's outputs for all n images, one array an output."""
    found: list[np.ndarray] = []
    with Feed(images, np.arange(len(images)), batch_size) as feed:
        start = 0
        for pictures in feed:
            outputs = model.predict_on_batch(pictures)
            # a model on several devices of TensorFlow gives the answers of each of them, one below the other
            answers = [
                np.asarray(one)[: len(pictures)] for one in (outputs if isinstance(outputs, list) else [outputs])
            ]
            found = found or [np.empty((len(images), *one.shape[1:]), one.dtype) for one in answers]
            for whole, part in zip(found, answers, strict=True):
                whole[start : start + len(part)] = part
            start += len(pictures)
    return found
