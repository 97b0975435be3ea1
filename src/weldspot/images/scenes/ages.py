"""Which photographs were there before which."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int


def ages(sources: Sequence[str], names: Sequence[str]) -> Int[np.ndarray, " n"]:
    """0, and for feedback the rank of its batch, whose name begins with its time."""
    batches = [
        name.partition("#")[0] if source == "feedback" else "" for source, name in zip(sources, names, strict=True)
    ]
    return np.unique(["", *batches], return_inverse=True)[1][1:]
