"""How often the bound on what is called free of a class is broken, and how well probabilities are calibrated.

python benchmarks/missed.py [RESPLITS [SHARE]]    from the scores out of fold of this checkout (`training.folds=5`): its
scenes are cut in two anew each time (200 times); one part (half of them) scales the probabilities and chooses the
level, the other is measured.
"""

import sys
from pathlib import Path

import numpy as np

from weldspot.config import parameters
from weldspot.images import dataset
from weldspot.model.evaluation import metrics, missed, out_of_fold
from weldspot.model.evaluation.class_thresholds import best_thresholds
from weldspot.model.training import calibration
from weldspot.workspace import Workspace

BINS = 10


def main() -> int:
    resplits = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    share = float(sys.argv[2]) if len(sys.argv) > 2 else 0.5
    workspace = Workspace(Path())
    params = parameters.load(workspace.params)
    classes, section = params.labels.class_list(), params.evaluate
    load = lambda: dataset.load(workspace, classes, "train", "val", "test", variants=False)  # noqa: E731
    found = out_of_fold.read(workspace.artifact("train") / out_of_fold.FILE, load)
    if found is None:
        print("artifacts/train has no scores out of fold: `weldspot compose training.folds=5`, then `dvc repro`")
        return 1
    truth, given, groups = found.measured()
    names, scene = np.unique(groups, return_inverse=True)
    rng = np.random.default_rng(0)
    broken, bounded = (dict.fromkeys(classes.names, 0) for _ in range(2))
    unsure: dict[str, list[float]] = {name: [] for name in classes.names}
    errors = []
    for _ in range(resplits):
        left = (rng.permutation(len(names)) < share * len(names))[scene]
        scaling = calibration.fit(truth[left], given[left], classes.exclusive)
        said = scaling(given, classes.exclusive)
        errors.append(metrics.calibration_error(truth[~left], said[~left], BINS))
        thresholds = best_thresholds(truth[left], said[left])
        half = truth[left], said[left], groups[left]
        for name, row in missed.bounds(
            classes, half, thresholds, section.max_missed, section.missed_confidence
        ).items():
            column = classes.names.index(name)
            shown = ~left & (truth[:, column] > 0)
            level = row["free_below"]
            if level is None or not shown.any():
                continue
            bounded[name] += 1
            broken[name] += missed.risk(said[shown, column], groups[shown], level) > row["at_most"]
            rest = said[~left, column]
            unsure[name].append(float(((rest >= level) & (rest < thresholds[column])).mean()))
    _table(classes.names, broken, bounded, unsure, np.mean(errors, 0))
    chosen = f"{share:.0%} of the scenes choose; confidence {section.missed_confidence}"
    print(f"\n{len(names)} scenes, {len(truth)} photographs, {resplits} resplits, {chosen}")
    return 0


def _table(
    names: tuple[str, ...],
    broken: dict[str, int],
    bounded: dict[str, int],
    unsure: dict[str, list[float]],
    errors: np.ndarray,
) -> None:
    print("| class | resplits with a bound | of these broken | photographs unsure | calibration error |")
    print("|---|---|---|---|---|")
    for column, name in enumerate(names):
        share = f"{broken[name] / bounded[name]:.1%}" if bounded[name] else "–"
        between = f"{np.mean(unsure[name]):.1%}" if unsure[name] else "–"
        print(f"| {name} | {bounded[name]} | {share} | {between} | {errors[column]:.4f} |")
    print(f"| mean | | | | {np.mean(errors):.4f} |")


if __name__ == "__main__":
    sys.exit(main())
