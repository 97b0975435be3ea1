"""What a verdict of drift admits: whole batches where every correction in them may go, else the part that may."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from weldspot.config.sections.loop import Loop
from weldspot.contracts.reviewed import Reviewed
from weldspot.loop.feedback import feedback_batches, inbox, senders
from weldspot.loop.feedback.senders import Sent
from weldspot.loop.review.log import Log
from weldspot.loop.review.policy import Fate, fates

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


@dataclass(frozen=True)
class Part:
    """What becomes of one batch: positions of its corrections, by fate."""

    workspace: "Workspace"
    path: Path
    sent: list[Sent]
    fates: list[Fate]
    held: dict[str, Reviewed]

    def of(self, fate: Fate) -> list[int]:
        """Positions of the corrections of this fate."""
        return [i for i, found in enumerate(self.fates) if found == fate]

    @property
    def whole(self) -> bool:
        """Whether the batch goes as it is."""
        changed = any(self.held[one.key].decision == "change" for one in self.sent if one.key in self.held)
        return not changed and set(self.fates) == {"admit"}

    @property
    def arrives(self) -> str:
        """The name under which its part is admitted; "" where nothing is."""
        return self._name(self.of("admit"))

    def carry_out(self) -> None:
        """Writes what is admitted and what is refused, then leaves the rest in the inbox.

        Killed before the end, the next call finds under the same names what was written already.
        """
        admitted, refused = self.of("admit"), self.of("reject")
        if not admitted and not refused:
            return
        table = feedback_batches.whole(self.path)
        for positions, folder in ((admitted, self.workspace.feedback), (refused, self.workspace.rejected)):
            if positions:
                feedback_batches.save(folder / self._name(positions), self._labelled(table.take(positions), positions))
        rest = self.of("wait")
        if rest:
            feedback_batches.save(self.path, table.take(rest))
        else:
            self.path.unlink()

    def _labelled(self, table: pa.Table, positions: Sequence[int]) -> pa.Table:
        """With the labels that the reviewers gave."""
        labels = table["labels"].to_pylist()
        for row, position in enumerate(positions):
            decision = self.held.get(self.sent[position].key)
            if decision is not None and decision.decision == "change":
                labels[row] = decision.after
        column = table.schema.get_field_index("labels")
        return table.set_column(column, table.schema.field(column), pa.array(labels, table.schema.field(column).type))

    def _name(self, positions: Sequence[int]) -> str:
        if not positions:
            return ""
        keys = "\n".join(self.sent[i].key for i in positions)
        return f"{self.path.stem}-{hashlib.sha256(keys.encode()).hexdigest()[:8]}.parquet"


@dataclass(frozen=True)
class Admission:
    """`moved`: the batches that were admitted; `admitted`, `refused`, `waiting`: corrections."""

    moved: list[Path]
    admitted: int
    refused: int
    waiting: int


def admit(workspace: "Workspace", section: Loop) -> Admission:
    """Admits what the policy allows of all that waits, where a verdict of drift covers a batch of it.

    Killed in between, the next call does the rest, since the verdict still stands.
    """
    if not inbox.drifted(workspace):
        return Admission([], 0, 0, 0)
    batches = inbox.admissible(workspace)
    parts = _parts(workspace, section, batches)
    counts = Counter(fate for part in parts for fate in part.fates)
    moved = inbox.admit(workspace, {part.path.name: part for part in parts if not part.whole})
    inbox.settle(workspace, batches)
    return Admission(moved, counts["admit"], counts["reject"], counts["wait"])


def pending(workspace: "Workspace", section: Loop) -> int:
    """Corrections that a verdict of drift would admit and that wait for a reviewer."""
    if not inbox.drifted(workspace):
        return 0
    return sum(len(part.of("wait")) for part in _parts(workspace, section, inbox.admissible(workspace)))


def _parts(workspace: "Workspace", section: Loop, batches: Sequence[Path]) -> list[Part]:
    held = Log(workspace).last()
    sent = [_left(workspace, path) for path in batches]
    counted = [one for of_batch in sent for one in of_batch]
    found = iter(fates(section.admit, counted, held, section.review, _unreviewed(workspace, held)))
    return [Part(workspace, path, of, [next(found) for _ in of], held) for path, of in zip(batches, sent, strict=True)]


def _left(workspace: "Workspace", path: Path) -> list[Sent]:
    """The corrections of a batch; those that a call which was killed has admitted or refused are taken out first."""
    sent = senders.of_batch(path)
    done = {
        one.key
        for folder in (workspace.feedback, workspace.rejected)
        for part in folder.glob(f"{path.stem}-*.parquet")
        for one in senders.of_batch(part)
    }
    if done.isdisjoint(one.key for one in sent):
        return sent
    rest = [i for i, one in enumerate(sent) if one.key not in done]
    if rest:
        feedback_batches.save(path, feedback_batches.whole(path).take(rest))
    else:
        path.unlink()
    return [sent[i] for i in rest]


def _unreviewed(workspace: "Workspace", held: dict[str, Reviewed]) -> Counter[str]:
    """Photographs in the training data that came over the network and that no reviewer has looked at, by uploader."""
    return Counter(
        one.counts_as
        for path in sorted(workspace.feedback.rglob("*.parquet"))
        for one in senders.of_batch(path)
        if one.counts_as and one.key not in held
    )
