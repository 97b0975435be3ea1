"""Which corrections drift admits: by their reviewers' word, or without it where loop.admit allows that."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from weldspot.config.sections.loop import Admit, Review
from weldspot.contracts.reviewed import Reviewed
from weldspot.loop.feedback.senders import Sent
from weldspot.loop.review.agreement import Record, records

Fate = Literal["admit", "reject", "wait"]
SENTENCES: dict[Admit, str] = {
    "auto": "loop.admit = auto: what only this machine could send is admitted as it is, the rest when it is reviewed",
    "reviewed": "loop.admit = reviewed: only what is reviewed is admitted",
    "sampled": "loop.admit = sampled: a share of each uploader's is reviewed, and how it fares decides the rest",
    "all": "loop.admit = all: what waits is admitted without review, up to loop.review.unreviewed of one uploader",
}


def fates(
    mode: Admit, sent: Sequence[Sent], held: Mapping[str, Reviewed], section: Review, before: Mapping[str, int]
) -> list[Fate]:
    """What becomes of each correction when drift is found.

    Args:
        mode: loop.admit.
        sent: The corrections that wait, oldest first.
        held: The decision that holds, of each that has one.
        section: loop.review.
        before: Photographs of each uploader that were admitted over the network without a reviewer's word.
    """
    drawn = {one.key for one in sent if is_drawn(one.key, section.share)}
    trusted = _trusted(sent, held, drawn, section) if mode == "sampled" else set()
    unreviewed = Counter(before)
    found: list[Fate] = []
    for one in sent:
        decision = held.get(one.key)
        if decision is not None:
            found.append("reject" if decision.decision == "reject" else "admit")
            continue
        free = (
            mode == "all"
            or (mode == "auto" and one.via == "loopback")
            or (mode == "sampled" and one.uploader in trusted and one.key not in drawn)
        )
        bounded = one.counts_as
        if free and bounded:
            free = unreviewed[bounded] < section.unreviewed
            unreviewed[bounded] += free
        found.append("admit" if free else "wait")
    return found


def is_drawn(key: str, share: float) -> bool:
    """Whether a correction is of the share that is reviewed: by its name, so that it stays so."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) < share * 2**32


def _trusted(sent: Sequence[Sent], held: Mapping[str, Reviewed], drawn: set[str], section: Review) -> set[str]:
    """Uploaders whose drawn corrections are all reviewed, and whose errors are surely few enough."""
    open_: dict[str, int] = defaultdict(int)
    for one in sent:
        open_[one.uploader] += one.key in drawn and one.key not in held
    known = records(held.values())
    return {
        name for name, left in open_.items()
        if not left and known.get(name, Record()).most_errors <= section.max_errors
    }  # fmt: skip
