"""The rule that decides on what was compared."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scored import SECTION, photographs, scores
from weld_classes import CLASSES, WELD

from weldspot.loop.promotion.comparison import Comparison, Difference, compare
from weldspot.loop.promotion.rule import RULE, Ruling, decide, lost
from weldspot.loop.promotion.translation import translate


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_model_never_loses_to_itself(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels, groups = photographs(rng, 60)
    same = scores(rng, labels, 1)
    ruling = decide({"held-out": compare(CLASSES, labels, same, same, groups, SECTION)}, SECTION)
    assert ruling.passed
    assert ruling.lines


def test_a_worse_one_is_refused_with_the_numbers() -> None:
    rng = np.random.default_rng(1)
    labels, groups = photographs(rng)
    found = compare(CLASSES, labels, scores(rng, labels, 1), scores(rng, labels, 3), groups, SECTION)
    ruling = decide({"held-out": found}, SECTION)
    assert not ruling.passed
    assert f"{found.mean.production:.4f} → {found.mean.challenger:.4f}" in ruling.refusals[0]


def test_better_on_average_but_clearly_worse_on_one_class_is_refused_and_named() -> None:
    rng = np.random.default_rng(2)
    labels, groups = photographs(rng, 600)
    skill = np.full(7, 4.0)
    skill[CLASSES.index("Crack")] = 0.3
    found = compare(CLASSES, labels, scores(rng, labels, skill), scores(rng, labels, 1.5), groups, SECTION)
    ruling = decide({"held-out": found}, SECTION)
    assert found.mean.gain > 0
    assert len(ruling.refusals) == 1
    assert "Crack" in ruling.refusals[0]


def test_a_loss_on_a_slice_counts_beyond_doubt_alone() -> None:
    held_out = {"held-out": comparison(Difference(0.9, 0.9, -0.01, 0.01))}
    lost = {
        "brightness=low": comparison(Difference(0.7, 0.8, -0.2, -0.01)),
        "brightness=high": comparison(Difference(0.7, 0.8, -0.2, 0.01)),
        "source=a": comparison(Difference(0.78, 0.8, -0.03, -0.01)),
        "source=b": comparison(Difference(np.nan, 0.8, np.nan, np.nan)),
    }
    ruling = decide(held_out, SECTION, lost)
    assert [refusal.split(" (")[0] for refusal in ruling.refusals] == [
        "worse where brightness=low",
        "no number to compare where source=b",
    ]
    assert "of 4 slices" in ruling.lines[-1]


def comparison(mean: Difference) -> Comparison:
    return Comparison(100, 50, mean, {})


def test_feedback_alone_can_refuse() -> None:
    rng = np.random.default_rng(4)
    labels, groups = photographs(rng)
    good, bad = scores(rng, labels, 3), scores(rng, labels, 0.5)
    parts = {
        "held-out photographs": compare(CLASSES, labels, good, good, groups, SECTION),
        "feedback": compare(CLASSES, labels, bad, good, groups, SECTION),
    }
    assert all("feedback" in refusal for refusal in decide(parts, SECTION).refusals)
    assert not decide(parts, SECTION).passed


def test_a_loss_within_the_allowance_that_may_be_chance_passes() -> None:
    loss = Difference(challenger=0.895, production=0.9, low=-0.02, high=0.01)
    assert decide({"held-out": Comparison(100, 50, loss, {})}, SECTION).passed
    sure = Difference(challenger=0.895, production=0.9, low=-0.009, high=-0.001)
    assert not decide({"held-out": Comparison(100, 50, sure, {})}, SECTION).passed
    large = Difference(challenger=0.88, production=0.9, low=-0.05, high=0.01)
    assert not decide({"held-out": Comparison(100, 50, large, {})}, SECTION).passed


def test_the_grounds_are_told_refusals_first_and_with_the_rule() -> None:
    text = Ruling(["compared"], ["worse"]).markdown()
    assert text == f"- worse\n- compared\n\nRule: {RULE}"


def test_a_challenger_that_is_wrong_on_photographs_of_one_class_is_refused() -> None:
    """Thirty cracks and nothing else: no average precision, and no reason to pass."""
    labels = np.eye(7, dtype=np.uint8)[np.full(30, CLASSES.index("Crack"))]
    groups = np.array([f"scene{i}" for i in range(30)])
    right, wrong = np.where(labels == 1, 0.9, 0.1), np.where(labels == 1, 0.1, 0.9)
    refused = decide({"the newest feedback": compare(CLASSES, labels, wrong, right, groups, SECTION)}, SECTION)
    assert not refused.passed
    assert refused.refusals[0].startswith(
        "worse on the newest feedback (30 in 30 scenes): mean log likelihood -0.1054 →"
    )
    assert decide({"the newest feedback": compare(CLASSES, labels, right, right, groups, SECTION)}, SECTION).passed
    assert decide({"the newest feedback": compare(CLASSES, labels, right, wrong, groups, SECTION)}, SECTION).passed


NAN = float("nan")


@pytest.mark.parametrize(
    "mean", [Difference(NAN, NAN, NAN, NAN), Difference(0.9, 0.9, NAN, NAN), Difference(NAN, 0.9, -1, 1)]
)
def test_no_number_is_no_pass(mean: Difference) -> None:
    assert not decide({"held-out": Comparison(100, 50, mean, {})}, SECTION).passed
    equal = Difference(0.9, 0.9, -0.1, 0.1)
    one = decide({"held-out": Comparison(100, 50, equal, {"Crack": Difference(NAN, 0.9, NAN, NAN)})}, SECTION)
    assert one.refusals == ["no number to compare on Crack (held-out): AP 0.9000 → nan (+nan, interval +nan to +nan)"]


def test_nothing_compared_is_no_pass() -> None:
    assert not decide({}, SECTION).passed


def test_what_was_not_judged_alone_is_said() -> None:
    rng = np.random.default_rng(3)
    labels, groups = photographs(rng)
    groups[labels[:, 2] == 1] = "one scene"
    same = scores(rng, labels, 1)
    ruling = decide({"held-out": compare(CLASSES, labels, same, same, groups, SECTION)}, SECTION)
    assert (
        "held-out: Crack: too few scenes with or without (loop.promote.min_groups=5), not judged alone" in ruling.lines
    )


def test_a_class_that_production_knows_may_not_be_lost() -> None:
    same = translate(WELD, WELD)
    assert lost(same, ["Crack"], ["Crack", "Porosity"]).passed, "nor does production know it"
    ruling = lost(same, ["Crack", "Porosity"], ["Porosity"])
    assert ruling.refusals[0].startswith("it does not know Crack, which production knows; ")
