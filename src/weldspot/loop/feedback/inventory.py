"""How many uploads are where, told by their names: what `weldspot status` and the page /loop both show.

An upload may lie in two places at once, since `loop.collect.after: keep` leaves it in the spool: it counts where it got
to. What can't be read is named, never fatal. Of the batches only footers and names are read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from weldspot.loop.feedback import feedback_batches, inbox, quarantine
from weldspot.loop.feedback.spool import Spool
from weldspot.runtime.state_files import Damaged

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


@dataclass(frozen=True)
class Inventory:
    """Photographs, but for `admitted_batches`.

    `received`: in this machine's spool and not collected; `unjudged`: those of the waiting that no verdict has covered;
    `refused`: by reviewers;
    `collected`: when the newest batch was written; `damaged`: batches, entries of quarantine, the memory of verdicts.
    """

    received: int
    waiting: int
    unjudged: int
    admitted: int
    admitted_batches: int
    quarantined: int
    collected: datetime | None
    damaged: tuple[Damaged, ...]
    refused: int = 0


_Read = TypeVar("_Read")


class _Reader:
    """Reads what there is, and keeps what is said of the files that could not be read."""

    def __init__(self) -> None:
        self.damaged: dict[Path, Damaged] = {}

    def photographs(self, batches: Iterable[Path]) -> int:
        return sum(self._told(inbox.rows, path, 0) for path in batches)

    def names(self, batches: Iterable[Path], entries: Iterable[Path]) -> set[str]:
        """Of the uploads in these batches and these entries of quarantine."""
        found: set[str] = set()
        for path in batches:
            found.update(self._told(feedback_batches.origins, path, []))
        return found | self.quarantined(entries)

    def quarantined(self, entries: Iterable[Path]) -> set[str]:
        return {name for path in entries if (name := self._told(quarantine.upload_name, path, ""))}

    def _told(self, read: Callable[[Path], _Read], path: Path, otherwise: _Read) -> _Read:
        try:
            return read(path)
        except FileNotFoundError:  # the gate has moved it meanwhile
            return otherwise
        except Damaged as error:
            self.damaged.setdefault(path, error)
            return otherwise


def inventory(workspace: "Workspace") -> Inventory:
    """Counts what is in the spool, the inbox, the training data and quarantine."""
    reader = _Reader()
    waiting = inbox.waiting(workspace)
    admitted = sorted(workspace.feedback.glob("*.parquet"))
    refused = sorted(workspace.rejected.glob("*.parquet"))
    moved = {path.name for path in admitted}
    waiting = [path for path in waiting if path.name not in moved]  # admitted since the line above
    entries = quarantine.entries(workspace)
    unjudged, judgements = _unjudged(workspace, waiting)
    spooled = set(Spool(workspace.spool).names())
    arrived = reader.names([*waiting, *admitted, *refused], entries) if spooled else reader.quarantined(entries)
    return Inventory(
        received=len(spooled - arrived),
        waiting=reader.photographs(waiting),
        unjudged=reader.photographs(unjudged),
        admitted=reader.photographs(admitted),
        admitted_batches=len(admitted),
        quarantined=len(entries),
        refused=reader.photographs(refused),
        collected=max(filter(None, map(feedback_batches.collected_at, [*waiting, *admitted])), default=None),
        damaged=(*reader.damaged.values(), *judgements),
    )


def _unjudged(workspace: "Workspace", waiting: list[Path]) -> tuple[list[Path], list[Damaged]]:
    """The batches that no verdict has covered; and what ails the file that remembers verdicts."""
    try:
        known = inbox.judged(workspace)
    except Damaged as error:
        return waiting, [error]
    return [path for path in waiting if path.name not in known], []
