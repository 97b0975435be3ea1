"""The loss of the maps, over their cells."""

from typing import Any

from keras import ops

from weldspot.images.places.cells import INSIDE, OUTSIDE

Tensor = Any  # of whichever backend


def cells_cross_entropy(truth: Tensor, logits: Tensor) -> Tensor:
    """(cells [batch, rows, columns, classes] as `images.places.cells` gives them, logits) → [batch].

    Of each class and picture the cells inside count as much as those outside together: a spatter ball is one cell, a
    bead is a third of the picture. Where nothing is known, nothing counts.
    """
    inside, outside = (ops.cast(ops.equal(truth, float(kind)), logits.dtype) for kind in (INSIDE, OUTSIDE))
    each = ops.binary_crossentropy(inside, logits, from_logits=True)
    means = [ops.sum(each * part, (1, 2)) / ops.maximum(ops.sum(part, (1, 2)), 1) for part in (inside, outside)]
    return ops.mean(means[0] + means[1], -1)
