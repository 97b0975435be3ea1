"""Cards for reviewers: what waits and has no decision, most informative first, one of each near-copy."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from weldspot.contracts.reviewed import Reviewed
from weldspot.loop.desk.measured import Measured
from weldspot.loop.review.agreement import Record
from weldspot.loop.review.waiting import Correction

_NOVEL = 3.0  # times what is usual among the reference photographs: as novel as it gets


@dataclass(frozen=True)
class Card:
    """One correction to decide on, and `copies`: near-copies of it with the same labels, which share the decision.

    `scores`: class → what the production model gives it, or, where `measured` is false, what the phone says that it
    gave. `worth`: 0 to 1. `seen`: how many decisions on it there are. `like`: ids of reference photographs that show
    alike things; `copied`: of the known photograph that it is a near-copy of, or "".
    """

    one: Correction
    copies: tuple[Correction, ...]
    scores: Mapping[str, float]
    measured: bool
    heat: list[list[float]]
    worth: float
    seen: int
    like: tuple[str, ...]
    copied: str
    record: Record


def cards(
    waiting: Sequence[Correction],
    decisions: Sequence[Reviewed],
    held: Mapping[str, Reviewed],
    measured: Measured | None,
    records: Mapping[str, Record],
) -> list[Card]:
    """The cards that are left, most informative first.

    Half of what a card is worth is the largest disagreement of model and welder, a quarter how unsure the model is, a
    quarter how unlike the reference it looks; of equals the older one goes first. What the model was not asked about
    comes before all, whatever its phone claims. Near-copies with other labels are cards of their own.
    """
    seen: dict[str, int] = defaultdict(int)
    for entry in decisions:
        seen[entry.upload] += 1
    row_of = {key: row for row, key in enumerate(measured.keys)} if measured else {}
    sets: dict[tuple[object, ...], list[Correction]] = {}
    for one in waiting:
        if one.key in held:
            continue
        row = row_of.get(one.key)
        same: tuple[object, ...] = (one.key,) if row is None or measured is None else (int(measured.first[row]),)
        sets.setdefault((*same, *sorted(one.labels)), []).append(one)
    found = [
        _card(of[0], tuple(of[1:]), measured, row_of.get(of[0].key), seen[of[0].key], records) for of in sets.values()
    ]
    return sorted(found, key=lambda card: -card.worth)  # stable: the older one first


def _card(
    one: Correction,
    copies: tuple[Correction, ...],
    measured: Measured | None,
    row: int | None,
    seen: int,
    records: Mapping[str, Record],
) -> Card:
    known = measured is not None and row is not None
    record = records.get(one.uploader, Record())
    if measured is None or row is None:
        scores = dict(zip(one.offered, one.scores, strict=False))
        return Card(one, copies, scores, known, [], 1.0, seen, (), "", record)  # its claim says nothing of its worth
    scores = dict(zip(measured.classes, measured.scores[row].tolist(), strict=True))
    novelty = min(1.0, float(measured.novelty[row]) / _NOVEL)
    heat = np.round(measured.heat[row], 2).tolist()
    where = tuple(measured.like[row]), measured.copied[row]
    return Card(one, copies, scores, known, heat, _worth(one, scores, novelty), seen, *where, record)


def _worth(one: Correction, scores: Mapping[str, float], novelty: float) -> float:
    gap = max(abs((name in one.labels) - score) for name, score in scores.items())
    unsure = max(1 - abs(2 * score - 1) for score in scores.values())
    return 0.5 * gap + 0.25 * unsure + 0.25 * novelty
