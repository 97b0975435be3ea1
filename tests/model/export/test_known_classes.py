"""Which classes a model can know."""

import numpy as np
from weld_classes import CLASSES

from weldspot.model.export.known_classes import unknown_classes


def test_a_class_that_a_split_lacks_or_shows_throughout_is_unknown_and_the_split_is_named() -> None:
    whole = np.eye(7, dtype=np.uint8)[np.arange(21) % 7]
    assert unknown_classes(CLASSES, {"train": whole, "val": whole, "test": whole}) == {}
    crack, pores = CLASSES.index("Crack"), CLASSES.index("Porosity")
    train, test = whole.copy(), whole.copy()
    train[:, crack] = 0
    test[:, crack] = 0
    test[:, pores] = 1
    assert unknown_classes(CLASSES, {"train": train, "val": whole, "test": test}) == {
        "Crack": ["none in train", "none in test"],
        "Porosity": ["on every photograph of test"],
    }


def test_without_photographs_nothing_is_known() -> None:
    assert list(unknown_classes(CLASSES, {"test": np.zeros((0, 7), np.uint8)})) == list(CLASSES)
