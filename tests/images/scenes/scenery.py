"""Pictures of made-up scenes."""

import cv2
import numpy as np


def scene(seed: int, side: int = 160) -> np.ndarray:
    """uint8[side,side,3]: blobs at several scales, as unlike another seed's as two photographs are."""
    rng = np.random.default_rng(seed)
    picture = np.full((side, side), 128, np.float32)
    for cells in (4, 8, 16, 32):
        picture += cv2.resize(rng.normal(0, 25, (cells, cells)).astype(np.float32), (side, side))
    return np.repeat(picture.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
