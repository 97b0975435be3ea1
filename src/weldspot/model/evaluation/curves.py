"""The curves of an evaluation: tables for `dvc plots`, and pictures with a panel a class: no curve hides another."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from jaxtyping import Num
from matplotlib.axes import Axes
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from weldspot.labels import ClassList
from weldspot.model.evaluation.metrics import PerClass, Scores, Truth
from weldspot.model.evaluation.reliability import draw_reliability
from weldspot.runtime.csv_files import cells

mpl.use("Agg")
import matplotlib.pyplot as plt

_ROWS: Final = 200  # of a table, evenly chosen
_COLUMNS: Final = 4
ALL: Final = "all classes together"

Panel = Callable[[Axes, np.ndarray, np.ndarray], str]  # draws one class's labels and scores; the score to write above


def write_csv(path: Path, header: str, columns: Sequence[Num[np.ndarray, " n"]]) -> None:
    """A table of at most 200 evenly chosen rows."""
    rows = np.column_stack(columns)
    if len(rows) > _ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, _ROWS, dtype=int)]
    lines = [header, *(",".join(f"{value:.6g}" for value in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def write_curves(folder: Path, classes: ClassList, truth: Truth, probabilities: Scores, bins: int) -> None:
    """roc, precision_recall and reliability: micro-averaged CSV, and a PNG with a line a class."""
    false, true, _ = roc_curve(truth.ravel(), probabilities.ravel())
    write_csv(folder / "roc.csv", "false_positive_rate,true_positive_rate", [false, true])
    precision, recall, _ = precision_recall_curve(truth.ravel(), probabilities.ravel())
    write_csv(folder / "precision_recall.csv", "recall,precision", [recall, precision])
    frequency, confidence = calibration_curve(truth.ravel(), probabilities.ravel(), n_bins=bins)
    write_csv(folder / "reliability.csv", "confidence,frequency", [confidence, frequency])

    data = classes, truth, probabilities
    _draw(folder / "roc.png", data, _roc, ("ROC", "false positive rate", "true positive rate"))
    _draw(folder / "precision_recall.png", data, _precision_recall, ("Precision, recall", "recall", "precision"))
    words = (
        "Reliability",
        "predicted probability (small numbers: photographs in a bin)",
        "observed frequency (95 % interval)",
    )

    def reliability(axes: Axes, column: np.ndarray, scores: np.ndarray) -> str:
        return draw_reliability(axes, column, scores, bins)

    _draw(folder / "reliability.png", data, reliability, words)


def _roc(axes: Axes, column: np.ndarray, scores: np.ndarray) -> str:
    false, true, _ = roc_curve(column, scores)
    axes.plot([0, 1], [0, 1], color="0.7", linestyle=":", linewidth=1)
    axes.plot(false, true, color="C0", linewidth=1.6)
    return f"AUC {roc_auc_score(column, scores):.3f}"


def _precision_recall(axes: Axes, column: np.ndarray, scores: np.ndarray) -> str:
    precision, recall, _ = precision_recall_curve(column, scores, drop_intermediate=True)
    axes.axhline(column.mean(), color="0.7", linestyle=":", linewidth=1)  # what chance reaches
    axes.plot(recall, precision, color="C0", linewidth=1.6, drawstyle="steps-pre")
    return f"AP {average_precision_score(column, scores):.3f}"


def write_confusion(
    path: Path, classes: ClassList, truth: Truth, probabilities: Scores, class_thresholds: PerClass
) -> None:
    """A row a true label: predicted as itself when over its threshold, else as the class scored highest.

    Of an exclusive list: as the most probable class, so that it is the confusion matrix.
    """
    names, rows = classes.names, []
    for row, scored in zip(truth, probabilities, strict=True):
        top = names[int(np.argmax(scored if classes.exclusive else scored / class_thresholds))]
        for column in np.flatnonzero(row):
            itself = not classes.exclusive and scored[column] >= class_thresholds[column]
            rows.append((names[column], names[column] if itself else top))
    cells.write(path, ("actual", "predicted"), rows)


def _draw(path: Path, data: tuple[ClassList, Truth, Scores], panel: Panel, words: tuple[str, str, str]) -> None:
    """A panel for each class, and one for all together; `words`: title, and what is along each side."""
    classes, truth, probabilities = data
    panels = [(name, truth[:, k], probabilities[:, k]) for k, name in enumerate(classes.names)]
    panels.append((ALL, truth.ravel(), probabilities.ravel()))
    rows = -(-len(panels) // _COLUMNS)
    size = 2.7 * _COLUMNS, 2.85 * rows + 0.5
    figure, grid = plt.subplots(
        rows, _COLUMNS, figsize=size, sharex=True, sharey=True, layout="constrained", squeeze=False
    )
    for axes in grid.flat[len(panels) :]:
        axes.axis("off")
    for axes, (name, column, scores) in zip(grid.flat, panels, strict=False):
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
        axes.grid(alpha=0.25)
        axes.tick_params(labelsize=7)
        count = f"{int(column.sum())} of {len(column)}"
        if 0 < column.sum() < len(column):
            axes.set_title(f"{name}\n{panel(axes, column, scores)}, {count}", fontsize=9)
        else:
            axes.set_title(f"{name}\nnot measured, {count}", fontsize=9, color="0.45")
    title, across, up = words
    figure.suptitle(f"{title}: {len(truth)} test photographs, “of” counts those that show the class", fontsize=10)
    figure.supxlabel(across, fontsize=9)
    figure.supylabel(up, fontsize=9)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)
