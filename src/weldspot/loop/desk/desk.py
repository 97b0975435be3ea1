"""The desk: what waits, who decides what, for the terminal and the page alike."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config import parameters
from weldspot.contracts.reviewed import Decided, Reviewed
from weldspot.loop.desk import cards, measured
from weldspot.loop.desk.cards import Card
from weldspot.loop.desk.measured import Measured
from weldspot.loop.review import table
from weldspot.loop.review.agreement import records
from weldspot.loop.review.log import Log
from weldspot.loop.review.waiting import Correction, corrections
from weldspot.runtime import state_files
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class Desk:
    """Reads the inbox when its files change, and the decisions when those do."""

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace, self.log = workspace, Log(workspace)
        self.params = parameters.load(workspace.params)
        self.classes = self.params.labels.class_list()
        self._key: tuple[object, ...] = ()
        self._waiting: list[Correction] = []
        self._measured: tuple[int, Measured | None] = (0, None)

    def waiting(self) -> list[Correction]:
        """All that wait in the inbox, decided on or not; raises Damaged."""
        paths = sorted(self.workspace.inbox.glob("*.parquet"))
        key = tuple(map(_seen, paths))
        if key != self._key:
            self._waiting, self._key = corrections(self.workspace, self.classes.names), key
        return self._waiting

    def measured(self) -> Measured | None:
        """What the production model says of them, as far as it was asked."""
        path = self.workspace.desk
        changed = path.stat().st_mtime_ns if path.exists() else 0
        if changed != self._measured[0]:
            self._measured = changed, measured.read(self.workspace)
        return self._measured[1]

    def cards(self) -> list[Card]:
        """Those without a decision, most informative first."""
        held = self.log.last()
        known = self.measured()
        return cards.cards(self.waiting(), self.log.all(), held, known, records(held.values()))

    def unmeasured(self) -> bool:
        """Whether something waits for a decision that the production model has not been asked about."""
        known = self.measured()
        there, held = set(known.keys) if known else set(), self.log.last()
        return any(one.key not in there and one.key not in held for one in self.waiting())

    def measure(self) -> None:
        """Asks the production model about all that wait for a decision; raises WeldspotError."""
        held = self.log.last()
        measured.measure(self.workspace, self.params, [one for one in self.waiting() if one.key not in held])

    def decide(
        self, key: str, word: Decided, by: str, labels: Sequence[str], reason: str, seen: int | None = None
    ) -> list[Reviewed]:
        """Writes down a decision on a correction, and on the near-copies with the same labels that share its card.

        Raises:
            Taken: somebody else has decided meanwhile.
            WeldspotError: it does not wait here, or can't be meant so.
        """
        by_key = {one.key: one for one in self.waiting()}
        if key not in by_key:
            raise WeldspotError(f"{key}: does not wait here; it was admitted or refused, or never collected")
        wanted = [table.made(by_key[key], self.log, word, by, labels, reason, self.classes, key, seen)]
        for copy in self._with(key, word):
            if copy in by_key:
                wanted.append(table.made(by_key[copy], self.log, word, by, labels, reason, self.classes, copy))
        self.log.add(wanted)
        return wanted

    def _with(self, key: str, word: Decided) -> list[str]:
        """What the decision is on besides: the card's copies, or what the decision that is undone was on."""
        if word != "undo":
            card = next((card for card in self.cards() if card.one.key == key), None)
            return [one.key for one in card.copies] if card else []
        last = self.log.last()
        undone = last.get(key)
        if undone is None:
            return []
        group = {one.key for one in self._group(key)} - {key}
        return [upload for upload in group if upload in last and _together(last[upload]) == _together(undone)]

    def _group(self, key: str) -> list[Correction]:
        """The near-copies of a correction."""
        known = self.measured()
        if known is None or key not in known.keys:
            return []
        first = {name: int(one) for name, one in zip(known.keys, known.first.tolist(), strict=True)}
        return [one for one in self.waiting() if first.get(one.key) == first[key]]


def _seen(path: Path) -> tuple[object, ...]:
    """What changes when the file does."""
    with state_files.reading(path, state_files.FROM_DATA):
        found = path.stat()
        return path.name, found.st_size, found.st_mtime_ns


def _together(entry: Reviewed) -> tuple[object, ...]:
    """What decisions of one card share."""
    return entry.by, entry.at, entry.decision, entry.before, entry.after


def from_table(desk: Desk, path: Path, by: str) -> list[Reviewed]:
    """Writes down the decisions of a table, all or none; raises WeldspotError."""
    wanted = table.decisions(path, {one.key: one for one in desk.waiting()}, desk.log, by, desk.classes)
    desk.log.add(wanted)
    return wanted


def to_table(desk: Desk) -> str:
    """The cards as a table, near-copies as rows of their own."""
    rows = []
    for card in desk.cards():
        top = max(card.scores, key=lambda name: card.scores[name], default="")
        says = f"{top} {card.scores[top]:.2f}" + ("" if card.measured else " (says the phone)") if top else ""
        agreement = "" if card.record.agreement is None else f"{card.record.agreement:.2f}"
        rows += [(one, says, str(card.record.reviewed), agreement) for one in (card.one, *card.copies)]
    return table.text(rows)
