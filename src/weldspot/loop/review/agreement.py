"""How often reviewers let an uploader's labels stand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scipy.special import betaincinv  # of scipy.stats, which every command of the loop would wait a second for

from weldspot.contracts.reviewed import Reviewed
from weldspot.contracts.verdict import Uploader
from weldspot.runtime.terminal.plain import plain

CONFIDENCE = 0.95
_TOLD = 200  # uploaders in a verdict


class Record(NamedTuple):
    """Of one uploader: corrections that were reviewed, and those of them that reviewers changed or refused."""

    reviewed: int = 0
    errors: int = 0

    @property
    def agreement(self) -> float | None:
        """0 to 1; None before the first review."""
        return 1 - self.errors / self.reviewed if self.reviewed else None

    @property
    def most_errors(self) -> float:
        """The upper bound of the share of errors (Clopper and Pearson, 1934); 1 before the first review."""
        right = self.reviewed - self.errors
        return float(betaincinv(self.errors + 1, right, CONFIDENCE)) if right else 1.0


def of_verdict(senders: Sequence[str], held: Iterable[Reviewed]) -> list[Uploader]:
    """The uploaders of judged photographs ("" is nobody's) and of reviewed ones, those with most first."""
    judged, known = Counter(filter(None, senders)), records(held)
    names = sorted({*judged, *known}, key=lambda name: (-judged[name] - known.get(name, Record()).reviewed, name))
    found = [(name, known.get(name, Record())) for name in names[:_TOLD]]
    return [
        Uploader(name=plain(name), judged=judged[name], reviewed=one.reviewed, errors=one.errors) for name, one in found
    ]


def records(held: Iterable[Reviewed]) -> dict[str, Record]:
    """Uploader → record, of the decisions that hold."""
    found: dict[str, Record] = defaultdict(Record)
    for one in held:
        was = found[one.uploader]
        found[one.uploader] = Record(was.reviewed + 1, was.errors + (one.decision != "accept"))
    return dict(found)
