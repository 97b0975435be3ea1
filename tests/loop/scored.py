"""Photographs whose truth is known, and scores of models of any skill."""

import numpy as np

from weldspot.config.sections.loop import Promote

SECTION = Promote(
    max_loss=0.01, max_class_loss=0.05, max_slice_loss=0.05, confidence=0.95, bootstrap=300, min_groups=5, seed=0
)


def photographs(rng: np.random.Generator, n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    labels = np.eye(7, dtype=np.uint8)[rng.integers(7, size=n)]
    return labels, np.array([f"scene{i // 2}" for i in range(n)])


def scores(rng: np.random.Generator, labels: np.ndarray, skill: np.ndarray | float) -> np.ndarray:
    return 1 / (1 + np.exp(-(labels * skill + rng.normal(size=labels.shape))))
