"""A model's answers for many images, which are decoded ahead of it."""

import keras
import numpy as np
from jaxtyping import Float, UInt8

from weldspot.images.dataset import Images
from weldspot.images.feed import Feed


def predict(model: keras.Model, images: Images, batch_size: int = 64) -> list[Float[np.ndarray, "n ..."]]:
    """The model's outputs for all n images, one array an output."""
    found: list[np.ndarray] = []
    with Feed(images, np.arange(len(images)), batch_size) as feed:
        start = 0
        for pictures in feed:
            outputs = model.predict_on_batch(_whole(pictures, batch_size))
            # beside answers for what was filled up, several devices of TensorFlow give each theirs, one below the other
            answers = [
                np.asarray(one)[: len(pictures)] for one in (outputs if isinstance(outputs, list) else [outputs])
            ]
            found = found or [np.empty((len(images), *one.shape[1:]), one.dtype) for one in answers]
            for whole, part in zip(found, answers, strict=True):
                whole[start : start + len(part)] = part
            start += len(pictures)
    return found


def _whole(pictures: UInt8[np.ndarray, "k height width 3"], batch_size: int) -> UInt8[np.ndarray, "n height width 3"]:
    """JAX compiles the model for each number of pictures, seconds each on a GPU: there all batches have one."""
    missing = batch_size - len(pictures)
    if not missing or keras.backend.backend() != "jax":
        return pictures
    return np.concatenate([pictures, np.zeros((missing, *pictures.shape[1:]), np.uint8)])
