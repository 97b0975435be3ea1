"""Which photographs of a draw count, and what is said of those that do not."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, UInt8

from weldspot.config.sections.loop import Gate
from weldspot.labels import ClassList
from weldspot.loop.influence import caps
from weldspot.loop.influence.copies import fresh
from weldspot.loop.influence.known import Known
from weldspot.runtime.terminal.plain import plain


class Copies(NamedTuple):
    """What is a copy: of the photographs `known` too, at a distance of fingerprints under `near`."""

    known: Known
    near: float


def counted(
    prints: Float[np.ndarray, "n 1024"],
    labels: UInt8[np.ndarray, "n classes"],
    senders: Sequence[str],
    copies: Copies,
    classes: ClassList,
    gate: Gate,
) -> tuple[Int[np.ndarray, " kept"], list[str]]:
    """Positions of the photographs that count, rising, and a line for each reason why others do not.

    Of near-copies the first counts, unless the model was made with one: then none. Of what is left one uploader counts
    for its share at most.
    """
    first, old, where = fresh(prints, copies.known.prints, copies.near)
    notes = []
    if again := int((~first & ~old).sum()):
        notes.append(f"{again} photographs are near-copies of others that wait: those count once")
    if old.any():
        known = [classes.hot_rows([_shown(copies.known.labels[where[i]], classes)])[0] for i in np.flatnonzero(old)]
        other = int((np.array(known) != labels[old]).any(1).sum())
        notes.append(
            f"{int(old.sum())} photographs are near-copies of ones that the model was made with, "
            f"{other} of them with other labels: none of them counts"
        )
    kept = np.flatnonzero(first)
    rest = [senders[i] for i in kept.tolist()]
    within = caps.capped(rest, gate.max_share, gate.min_images, gate.seed)
    return kept[within], notes + over_the_share(rest, len(rest) - len(within), gate)


def over_the_share(senders: Sequence[str], left_out: int, gate: Gate) -> list[str]:
    """What is said of `left_out` photographs of uploaders that sent more than their share; nothing of none."""
    if not left_out:
        return []
    name, count = Counter(filter(None, senders)).most_common(1)[0]
    return [
        f"{left_out} photographs do not count: one uploader counts for at most {gate.max_share:.0%} of a verdict "
        f"(loop.gate.max_share); {plain(name)} sent {count} of {len(senders)}"
    ]


def _shown(labels: Sequence[str], classes: ClassList) -> list[str]:
    return [name for label in labels if (name := classes.canonical(label))]
