"""The feedback one should look at: where model and welder disagree most, and what looks like nothing known."""

from pathlib import Path
from textwrap import fill

import matplotlib
import numpy as np
from jaxtyping import Float

from weldspot.images.dataset import Images
from weldspot.loop.drift.sample import Sample

matplotlib.use("agg")
EACH = 6
_CAPTION_WIDTH = 32  # letters above a picture


def draw(path: Path, images: Images, current: Sample, reference: Sample) -> None:
    """Writes a contact sheet (PNG): a row of disagreements, a row of the pictures farthest from the reference."""
    import matplotlib.pyplot as plt

    gap = np.abs(current.labels - current.scores)
    disagreed = np.argsort(-gap.max(1), kind="stable")[:EACH]
    farthest = np.argsort(-_distance(current, reference), kind="stable")
    far = farthest[~np.isin(farthest, disagreed)][:EACH]  # none is shown twice
    figure, axes = plt.subplots(2, EACH, figsize=(2.3 * EACH, 6.2), layout="constrained", squeeze=False)
    lines = (  # the class that is told of: the one that they disagree on, or the one scored highest
        ("model and welder disagree", disagreed, gap.argmax(1)),
        ("looks unlike the reference", far, current.scores.argmax(1)),
    )
    for line, (title, chosen, told) in enumerate(lines):
        for cell, row in zip(axes[line], chosen, strict=False):
            cell.imshow(images.decode(np.array([row]))[0])
            cell.set_title(_caption(current, row, int(told[row])), fontsize=8)
        axes[line, 0].set_ylabel(title, fontsize=10)
    for cell in axes.flat:
        cell.set_xticks([])
        cell.set_yticks([])
    figure.savefig(path, dpi=90)
    plt.close(figure)


def _distance(current: Sample, reference: Sample) -> Float[np.ndarray, " n"]:
    """To the nearest picture of the reference, in the whitened components."""
    first, second = current.embeddings, reference.embeddings
    squares = (first**2).sum(1)[:, None] + (second**2).sum(1)[None] - 2 * first @ second.T
    nearest: Float[np.ndarray, " n"] = squares.min(1)
    return nearest


def _caption(current: Sample, row: int, told: int) -> str:
    """What the welder says, and the model's score of the class that is told of."""
    welder = ", ".join(name for name, there in zip(current.classes, current.labels[row], strict=True) if there)
    model = f"model: {current.classes[told]} {current.scores[row, told]:.2f}"
    return f"{fill(f'welder: {welder}', _CAPTION_WIDTH)}\n{fill(model, _CAPTION_WIDTH)}"
