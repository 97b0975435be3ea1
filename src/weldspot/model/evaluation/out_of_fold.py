"""What is known of a recipe from scores out of fold: of every scene, by a model that has not seen it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int, Shaped, UInt8

from weldspot.config.sections.evaluate import Evaluate
from weldspot.images.dataset import Images
from weldspot.labels import ClassList
from weldspot.model.evaluation import metrics, scores
from weldspot.model.evaluation.class_thresholds import best_thresholds
from weldspot.runtime import state_files

FILE = "out_of_fold.parquet"  # of artifacts/train


@dataclass(frozen=True)
class OutOfFold:
    """n originals; `folds`: which was kept out when each was scored."""

    truth: UInt8[np.ndarray, "n classes"]
    probabilities: Float[np.ndarray, "n classes"]
    groups: Shaped[np.ndarray, " n"]
    folds: Int[np.ndarray, " n"]

    def measured(self) -> tuple[metrics.Truth, metrics.Scores, Shaped[np.ndarray, " n"]]:
        """Labels, probabilities and scenes of every photograph."""
        return self.truth, self.probabilities, self.groups

    def report(self, classes: ClassList, section: Evaluate) -> scores.FoldReport:
        """F1 is that of thresholds which were chosen on the other folds."""
        found = scores.scores(
            classes,
            self.truth,
            self.probabilities,
            best_thresholds(self.truth, self.probabilities),
            section.calibration_bins,
            section.metrics,
        )
        predicted = np.zeros_like(self.truth)
        for fold in np.unique(self.folds):
            inside = self.folds == fold
            chosen = best_thresholds(self.truth[~inside], self.probabilities[~inside])
            predicted[inside] = self.probabilities[inside] >= chosen
        f1 = metrics.f1(self.truth, predicted)
        for column, name in enumerate(classes.names):
            found["per_class"][name]["f1"] = scores.rounded(f1[column])
        return scores.FoldReport(
            images=len(self.truth),
            scenes=len(np.unique(self.groups)),
            folds=len(np.unique(self.folds)),
            mean=found["mean"] | {"f1": scores.rounded(metrics.mean(f1))},
            per_class=found["per_class"],
            confidence_interval=scores.intervals(self.truth, self.probabilities, self.groups, section),
        )


def read(path: Path, load: Callable[[], Images]) -> OutOfFold | None:
    """What train has written; None where it trained no folds.

    Args:
        path: out_of_fold.parquet.
        load: gives the labels of all of its originals; not called where there are no folds.

    Raises:
        Damaged: it can't be read, names no photographs of ours, or has a scene in two folds.
    """
    if not path.exists():
        return None
    images = load()
    rows = state_files.read_parquet(path, ["id", "group", "fold", "scores"], state_files.FROM_GRAPH)
    row_of = {name: row for row, name in enumerate(images.ids) if images.variants[row] == 0}
    try:
        order = [row_of[name] for name in rows["id"].to_pylist()]
        given = np.array(rows["scores"].to_pylist(), np.float32).reshape(len(order), len(images.classes))
    except (KeyError, ValueError):
        raise state_files.Damaged(path, "not of these photographs and classes", state_files.FROM_GRAPH) from None
    groups, folds = np.array(rows["group"].to_pylist(), object), rows["fold"].to_numpy().astype(int)
    if len({*zip(groups.tolist(), folds.tolist(), strict=True)}) > len(set(groups.tolist())):
        raise state_files.Damaged(path, "a scene is in two folds", state_files.FROM_GRAPH)
    return OutOfFold(images.labels[order], given, groups, folds)
