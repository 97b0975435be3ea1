"""Most informative first, one of each near-copy."""

from pathlib import Path

import numpy as np
from weld_classes import CLASSES

from weldspot.loop.desk.cards import cards
from weldspot.loop.desk.measured import Measured
from weldspot.loop.review.agreement import Record
from weldspot.loop.review.waiting import Correction


def correction(key: str, *labels: str) -> Correction:
    return Correction(key, "anna", "network", Path(), 0, list(labels), list(CLASSES), [0.5] * 7, "", "", "", "")


def measured(keys: list[str], scores: dict[str, float], first: list[int], novelty: list[float]) -> Measured:
    table = np.full((len(keys), 7), 0.02)
    for row, key in enumerate(keys):
        table[row, CLASSES.index("Crack")] = scores[key]
    n = len(keys)
    return Measured(
        keys, "1", list(CLASSES), table, np.zeros((n, 2, 2)), np.array(novelty), np.array(first), [["k"]] * n, [""] * n
    )


def test_disagreement_then_what_is_unsure_or_new() -> None:
    waiting = [correction(key, "Crack") for key in ("sure", "unsure", "against", "new")]
    scores = {"sure": 0.99, "unsure": 0.5, "against": 0.02, "new": 0.98}
    known = measured([one.key for one in waiting], scores, [0, 1, 2, 3], [0.0, 0.0, 0.0, 9.0])
    found = cards(waiting, [], {}, known, {"anna": Record(4, 1)})
    assert [card.one.key for card in found] == ["unsure", "against", "new", "sure"]
    assert all(card.measured and 0 <= card.worth <= 1 for card in found)
    assert found[0].record == Record(4, 1)


def test_near_copies_with_the_same_labels_are_one_card_others_their_own() -> None:
    waiting = [
        correction("a", "Crack"),
        correction("b", "Crack"),
        correction("c", "Good Welding"),
        correction("d", "Crack"),
    ]
    known = measured(list("abcd"), dict.fromkeys("abcd", 0.5), [0, 0, 0, 3], [0.0] * 4)
    found = {card.one.key: [one.key for one in card.copies] for card in cards(waiting, [], {}, known, {})}
    assert found == {"a": ["b"], "c": [], "d": []}


def test_before_the_model_was_asked_the_phone_s_word_is_shown_as_such() -> None:
    (card,) = cards([correction("a", "Crack")], [], {}, None, {})
    assert not card.measured
    assert set(card.scores.values()) == {0.5}
    assert (card.heat, card.like, card.record) == ([], (), Record())
