"""Which classes a model knows: those that training, validation and test can tell from the rest."""

from collections.abc import Mapping, Sequence

import numpy as np

from weldspot.model.evaluation.metrics import Truth

UnknownClasses = dict[str, list[str]]  # class → what is missing of it, split by split


def unknown_classes(names: Sequence[str], splits: Mapping[str, Truth]) -> UnknownClasses:
    """Those of the classes `names` that some split has no photograph of, or nothing else; `splits`: name → labels.

    Without train a class was not learnt, without val it has no threshold, without test nobody has measured it.
    """
    found: UnknownClasses = {}
    for column, name in enumerate(names):
        reasons = [reason for split, labels in splits.items() if (reason := _missing(split, labels[:, column]))]
        if reasons:
            found[name] = reasons
    return found


def _missing(split: str, shown: np.ndarray) -> str:
    if not shown.any():
        return f"none in {split}"
    return f"on every photograph of {split}" if shown.all() else ""
