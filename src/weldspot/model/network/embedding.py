"""What a photograph looks like to a network that knows no model of ours: the drift gate compares these."""

from functools import cache

import keras
import numpy as np
from jaxtyping import Float16

from weldspot.images.dataset import Images
from weldspot.model.network.backbones import extractor
from weldspot.model.network.inference import predict

SIZE = 160  # pixels: enough to tell one workshop from another, at a third of the time


def embed(images: Images) -> Float16[np.ndarray, "n 1280"]:
    """Pooled features of EfficientNet-Lite0 with its ImageNet weights.

    They are the same for every version of the model, so that a reference made with one can be compared with feedback
    on another.
    """
    size = images.shape[1] if len(images) else SIZE
    return predict(_network(size), images)[0].astype(np.float16)


@cache  # a stage asks for several splits, and each new network would be traced anew
def _network(size: int) -> keras.Model:
    inputs = keras.Input((size, size, 3), name="image")
    small = keras.layers.Resizing(SIZE, SIZE)(inputs)
    features = extractor("efficientnet_lite0", SIZE, "imagenet")(small)
    pooled = keras.layers.GlobalAveragePooling2D()(features)
    return keras.Model(inputs, pooled)
