"""The curves of an evaluation, as tables for `dvc plots` and as pictures."""

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from jaxtyping import Num
from matplotlib.axes import Axes
from sklearn.calibration import CalibrationDisplay, calibration_curve
from sklearn.metrics import PrecisionRecallDisplay, RocCurveDisplay, precision_recall_curve, roc_curve

from weldspot.labels import CLASSES
from weldspot.model.evaluation.metrics import PerClass, Scores, Truth

mpl.use("Agg")
import matplotlib.pyplot as plt

_ROWS = 200  # of a table, evenly chosen


def write_csv(path: Path, header: str, columns: Sequence[Num[np.ndarray, " n"]]) -> None:
    """A table of at most 200 evenly chosen rows."""
    rows = np.column_stack(columns)
    if len(rows) > _ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, _ROWS, dtype=int)]
    lines = [header, *(",".join(f"{value:.6g}" for value in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def write_curves(folder: Path, truth: Truth, probabilities: Scores, bins: int) -> None:
    """roc, precision_recall and reliability: micro-averaged CSV, and a PNG with a line a class."""
    false, true, _ = roc_curve(truth.ravel(), probabilities.ravel())
    write_csv(folder / "roc.csv", "false_positive_rate,true_positive_rate", [false, true])
    precision, recall, _ = precision_recall_curve(truth.ravel(), probabilities.ravel())
    write_csv(folder / "precision_recall.csv", "recall,precision", [recall, precision])
    frequency, confidence = calibration_curve(truth.ravel(), probabilities.ravel(), n_bins=bins)
    write_csv(folder / "reliability.csv", "confidence,frequency", [confidence, frequency])

    def roc(axes: Axes, name: str, column: np.ndarray, scores: np.ndarray) -> None:
        RocCurveDisplay.from_predictions(column, scores, name=name, ax=axes)

    def precision_recall(axes: Axes, name: str, column: np.ndarray, scores: np.ndarray) -> None:
        PrecisionRecallDisplay.from_predictions(column, scores, name=name, ax=axes)

    def reliability(axes: Axes, name: str, column: np.ndarray, scores: np.ndarray) -> None:
        CalibrationDisplay.from_predictions(column, scores, n_bins=bins, name=name, ax=axes, ref_line=False)

    data = truth, probabilities
    _draw(folder / "roc.png", data, roc, ("ROC", "false positive rate", "true positive rate"), diagonal=True)
    _draw(folder / "precision_recall.png", data, precision_recall, ("Precision, recall", "recall", "precision"))
    words = "Reliability", "predicted probability", "observed frequency"
    _draw(folder / "reliability.png", data, reliability, words, diagonal=True)


def write_confusion(path: Path, truth: Truth, probabilities: Scores, class_thresholds: PerClass) -> None:
    """A row a true label: predicted as itself when over its threshold, else as the class scored highest."""
    lines = ["actual,predicted"]
    for row, scored in zip(truth, probabilities, strict=True):
        top = CLASSES[int(np.argmax(scored / class_thresholds))]
        for column in np.flatnonzero(row):
            lines.append(f"{CLASSES[column]},{CLASSES[column] if scored[column] >= class_thresholds[column] else top}")
    path.write_text("\n".join(lines) + "\n")


def _draw(
    path: Path,
    data: tuple[np.ndarray, np.ndarray],
    line: Callable[[Axes, str, np.ndarray, np.ndarray], None],
    words: tuple[str, str, str],
    diagonal: bool = False,
) -> None:
    """A line for each class that has both outcomes; `words`: title, and what is along each side."""
    figure, axes = plt.subplots(figsize=(6, 5))
    truth, probabilities = data
    for column, name in enumerate(CLASSES):
        if 0 < truth[:, column].sum() < len(truth):
            line(axes, name, truth[:, column], probabilities[:, column])
    if diagonal:
        axes.plot([0, 1], [0, 1], color="0.7", linestyle=":", linewidth=1)
    title, across, up = words
    axes.set(xlabel=across, ylabel=up, title=f"{title}, test originals", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
