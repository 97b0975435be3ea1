"""The curves of an evaluation, as tables for `dvc plots` and as pictures."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from sklearn.metrics import precision_recall_curve, roc_curve

from weldspot.labels import CLASSES

mpl.use("Agg")
import matplotlib.pyplot as plt

ROWS = 200
PR = "Precision, recall"


def write_csv(path: Path, header: str, columns: list[np.ndarray]) -> None:
    """At most 200 evenly chosen rows."""
    rows = np.column_stack(columns)
    if len(rows) > ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, ROWS, dtype=int)]
    lines = [header, *(",".join(f"{value:.6g}" for value in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def write_curves(folder: Path, truth: np.ndarray, probabilities: np.ndarray, bins: int) -> None:
    """roc, precision_recall and reliability: micro-averaged CSV, and a PNG with a line a class."""
    false, true, _ = roc_curve(truth.ravel(), probabilities.ravel())
    write_csv(folder / "roc.csv", "false_positive_rate,true_positive_rate", [false, true])
    precision, recall, _ = precision_recall_curve(truth.ravel(), probabilities.ravel())
    write_csv(folder / "precision_recall.csv", "recall,precision", [recall, precision])
    write_csv(folder / "reliability.csv", "confidence,frequency", list(_reliability(truth, probabilities, bins)))
    _figure(folder / "roc.png", truth, probabilities, _roc, ("false positive rate", "true positive rate"), "ROC")
    _figure(
        folder / "precision_recall.png", truth, probabilities, _recall, ("recall", "precision"), "Precision, recall"
    )
    _figure(
        folder / "reliability.png", truth, probabilities, lambda t, p: _reliability(t, p, bins),
        ("predicted probability", "observed frequency"), "Reliability",
    )  # fmt: skip


def _roc(truth: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return roc_curve(truth, scores)[:2]


def _recall(truth: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    precision, recall, _ = precision_recall_curve(truth, scores)
    return recall, precision


def _reliability(truth: np.ndarray, scores: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    flat, hit = scores.ravel(), truth.ravel()
    index = np.minimum((flat * bins).astype(int), bins - 1)
    used = np.unique(index)
    return np.array([flat[index == b].mean() for b in used]), np.array([hit[index == b].mean() for b in used])


def _figure(path, truth, probabilities, curve, axes, title) -> None:  # type: ignore[no-untyped-def]
    figure, plot = plt.subplots(figsize=(6, 5))
    for column, name in enumerate(CLASSES):
        if 0 < truth[:, column].sum() < len(truth):
            plot.plot(*curve(truth[:, column], probabilities[:, column]), label=name, linewidth=1.6)
    if title != PR:
        plot.plot([0, 1], [0, 1], color="0.7", linestyle=":", linewidth=1)
    plot.set(xlabel=axes[0], ylabel=axes[1], title=f"{title}, test originals", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    plot.grid(alpha=0.25)
    plot.legend(fontsize=8)
    figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)


def write_confusion(path: Path, truth: np.ndarray, probabilities: np.ndarray, thresholds: np.ndarray) -> None:
    """A row a true label: predicted as itself when over its threshold, else as the class scored highest."""
    lines = ["actual,predicted"]
    for row, scored in zip(truth, probabilities, strict=True):
        top = CLASSES[int(np.argmax(scored / thresholds))]
        for column in np.flatnonzero(row):
            lines.append(f"{CLASSES[column]},{CLASSES[column] if scored[column] >= thresholds[column] else top}")
    path.write_text("\n".join(lines) + "\n")


def write_heatmaps(path: Path, tiles: list[tuple[np.ndarray, np.ndarray, str]], columns: int = 6) -> None:
    """A contact sheet of (image uint8[h, w, 3], heatmap float[h', w'], title)."""
    rows = max(1, -(-len(tiles) // columns))
    figure, axes = plt.subplots(rows, columns, figsize=(columns * 2.2, rows * 2.5), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, (image, heat, title) in zip(axes.flat, tiles, strict=False):
        axis.imshow(image)
        extent = (0, image.shape[1], image.shape[0], 0)
        axis.imshow(heat, cmap="inferno", alpha=0.45, vmin=0, vmax=1, extent=extent, interpolation="bicubic")
        axis.set_title(title, fontsize=7)
    figure.tight_layout()
    figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
