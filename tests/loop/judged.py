"""Samples whose truth is known, and what they are judged by."""

import numpy as np
from weld_classes import CLASSES

from weldspot.config.sections.loop import Gate
from weldspot.contracts.verdict import JudgedModel
from weldspot.loop.drift.judging import Case
from weldspot.loop.drift.sample import Sample

THRESHOLDS = np.full(7, 0.5)  # of the classes
RATE = 0.05  # of false alarms of one verdict
SECTION = Gate(
    min_images=10,
    max_images=500,
    false_alarm_years=10,
    window=4,
    resamples=100,
    min_effect=0.05,
    min_roc_auc=0.75,
    seed=0,
    max_share=0.2,
)


CASE = Case(at="2026-05-01T12:00:00+00:00", model=JudgedModel(version="1", sha256="ab" * 32), batches=["a"], images=100)


def photographs(rng: np.random.Generator, n: int, shift: float = 0.0, skill: float = 4.0) -> Sample:
    labels = np.eye(7, dtype=np.uint8)[rng.integers(7, size=n)]
    scores = 1 / (1 + np.exp(-(labels * skill - 2 + rng.normal(size=labels.shape))))
    embeddings = rng.normal(size=(n, 8)).astype(np.float32)
    return Sample(CLASSES, rng.normal(shift, 1, size=(n, 6)), scores, labels, embeddings, np.arange(n) // 2)
