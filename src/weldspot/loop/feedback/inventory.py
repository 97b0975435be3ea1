"""How many uploads are where, told by their names: what `weldspot status` and the page /loop both show.

An upload may lie in two places at once, since `loop.collect.after: keep` leaves it in the spool: it counts where it got
to. What can't be read is named, never fatal. Of the batches only footers and names are read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from weldspot.loop.feedback import feedback_batches, inbox, quarantine
from weldspot.loop.feedback.spool import Spool
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


@dataclass(frozen=True)
class Inventory:
    """Photographs, but for `admitted_batches`.

    `received`: in this machine's spool and not collected; `unjudged`: those of the waiting that no verdict has covered;
    `collected`: when the newest batch was written; `unreadable`: batches and entries of quarantine that are damaged.
    """

    received: int
    waiting: int
    unjudged: int
    admitted: int
    admitted_batches: int
    quarantined: int
    collected: datetime | None
    unreadable: tuple[Path, ...]


class _Reader:
    """Reads what there is, and keeps the paths of what could not be read."""

    def __init__(self) -> None:
        self.unreadable: list[Path] = []

    def photographs(self, batches: Iterable[Path]) -> int:
        return sum(self._rows(path) for path in batches)

    def names(self, batches: Iterable[Path], entries: Iterable[Path]) -> set[str]:
        """Of the uploads in these batches and these entries of quarantine."""
        found: set[str] = set()
        for path in batches:
            try:
                found.update(feedback_batches.origins(path))
            except (pa.ArrowException, OSError) as error:
                self._left_out(path, error)
        return found | self.quarantined(entries)

    def quarantined(self, entries: Iterable[Path]) -> set[str]:
        found: set[str] = set()
        for path in entries:
            try:
                found.add(quarantine.upload_name(path))
            except (OSError, ValueError, KeyError, TypeError) as error:
                self._left_out(path, error)
        return found

    def _rows(self, path: Path) -> int:
        try:
            return inbox.rows(path)
        except (pa.ArrowException, OSError) as error:
            self._left_out(path, error)
            return 0

    def _left_out(self, path: Path, error: Exception) -> None:
        if not isinstance(error, FileNotFoundError) and path not in self.unreadable:  # the gate has moved it meanwhile
            self.unreadable.append(path)


def inventory(workspace: "Workspace") -> Inventory:
    """Counts what is in the spool, the inbox, the training data and quarantine."""
    reader = _Reader()
    waiting = inbox.waiting(workspace)
    admitted = sorted(workspace.feedback.glob("*.parquet"))
    moved = {path.name for path in admitted}
    waiting = [path for path in waiting if path.name not in moved]  # admitted since the line above
    entries = quarantine.entries(workspace)
    unjudged, judgements = _unjudged(workspace, waiting)
    spooled = set(Spool(workspace.spool).names())
    arrived = reader.names([*waiting, *admitted], entries) if spooled else reader.quarantined(entries)
    return Inventory(
        received=len(spooled - arrived),
        waiting=reader.photographs(waiting),
        unjudged=reader.photographs(unjudged),
        admitted=reader.photographs(admitted),
        admitted_batches=len(admitted),
        quarantined=len(entries),
        collected=max(filter(None, map(feedback_batches.collected_at, [*waiting, *admitted])), default=None),
        unreadable=(*reader.unreadable, *judgements),
    )


def _unjudged(workspace: "Workspace", waiting: list[Path]) -> tuple[list[Path], list[Path]]:
    """The batches that no verdict has covered; and the file that remembers verdicts, if it can't be read."""
    try:
        known = inbox.judged(workspace)
    except (WeldspotError, OSError):
        return waiting, [workspace.judged]
    return [path for path in waiting if path.name not in known], []
