"""The paired bootstrap, and the rule that decides on it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from weldspot.config.sections.loop import Promote
from weldspot.labels import CLASSES
from weldspot.loop.promotion.comparison import compare
from weldspot.loop.promotion.decision import decide

SECTION = Promote(max_loss=0.01, max_class_loss=0.05, confidence=0.95, bootstrap=300, min_groups=5, seed=0)


def photographs(rng: np.random.Generator, n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    labels = np.eye(7, dtype=np.uint8)[rng.integers(7, size=n)]
    return labels, np.array([f"scene{i // 2}" for i in range(n)])


def scores(rng: np.random.Generator, labels: np.ndarray, skill: np.ndarray | float) -> np.ndarray:
    return 1 / (1 + np.exp(-(labels * skill + rng.normal(size=labels.shape))))


def test_the_first_figures_are_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    labels, groups = photographs(rng)
    ours, theirs = scores(rng, labels, 2), scores(rng, labels, 1).round(1)
    found = compare(labels, ours, theirs, groups, SECTION)
    for column, name in enumerate(CLASSES):
        assert found.classes[name].challenger == pytest.approx(
            average_precision_score(labels[:, column], ours[:, column])
        )
        assert found.classes[name].production == pytest.approx(
            average_precision_score(labels[:, column], theirs[:, column])
        )
    assert found.mean.low < found.mean.gain < found.mean.high


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_model_never_loses_to_itself(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels, groups = photographs(rng, 60)
    same = scores(rng, labels, 1)
    decision = decide({"held-out": compare(labels, same, same, groups, SECTION)}, SECTION)
    assert decision.passed
    assert decision.lines


def test_a_worse_one_is_refused_with_the_numbers() -> None:
    rng = np.random.default_rng(1)
    labels, groups = photographs(rng)
    found = compare(labels, scores(rng, labels, 1), scores(rng, labels, 3), groups, SECTION)
    decision = decide({"held-out": found}, SECTION)
    assert not decision.passed
    assert f"{found.mean.production:.4f} → {found.mean.challenger:.4f}" in decision.refusals[0]


def test_better_on_average_but_clearly_worse_on_one_class_is_refused_and_named() -> None:
    rng = np.random.default_rng(2)
    labels, groups = photographs(rng, 600)
    skill = np.full(7, 4.0)
    skill[CLASSES.index("Crack")] = 0.3
    found = compare(labels, scores(rng, labels, skill), scores(rng, labels, 1.5), groups, SECTION)
    decision = decide({"held-out": found}, SECTION)
    assert found.mean.gain > 0
    assert len(decision.refusals) == 1
    assert "Crack" in decision.refusals[0]


def test_a_class_of_few_scenes_decides_nothing() -> None:
    rng = np.random.default_rng(3)
    labels, groups = photographs(rng)
    groups[labels[:, 2] == 1] = "one scene"
    found = compare(labels, scores(rng, labels, 1), scores(rng, labels, 1), groups, SECTION)
    assert "Crack" not in found.classes


def test_feedback_alone_can_refuse() -> None:
    rng = np.random.default_rng(4)
    labels, groups = photographs(rng)
    good, bad = scores(rng, labels, 3), scores(rng, labels, 0.5)
    parts = {
        "held-out photographs": compare(labels, good, good, groups, SECTION),
        "feedback": compare(labels, bad, good, groups, SECTION),
    }
    assert all("feedback" in refusal for refusal in decide(parts, SECTION).refusals)
    assert not decide(parts, SECTION).passed
