"""A model's answers for many images, decoded a minibatch at a time."""

import keras
import numpy as np
from jaxtyping import Float

from weldspot.images.dataset import Images


def predict(model: keras.Model, images: Images, batch_size: int = 64) -> list[Float[np.ndarray, "n ..."]]:
    """The model's outputs for all n images, one array an output."""
    parts: list[list[np.ndarray]] = []
    for start in range(0, len(images), batch_size):
        rows = np.arange(start, min(start + batch_size, len(images)))
        outputs = model.predict_on_batch(images.decode(rows).astype(np.float32))
        parts.append(outputs if isinstance(outputs, list) else [outputs])
    return [np.concatenate([np.asarray(part[k]) for part in parts]) for k in range(len(parts[0]))]
