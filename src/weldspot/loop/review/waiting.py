"""The corrections that wait in the inbox, as they were sent."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.loop.feedback import feedback_batches, inbox, senders
from weldspot.loop.feedback.spool import Via
from weldspot.runtime import state_files

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_SAID = ("labels", "classes", "scores", "model", "taken", "device", "note")


@dataclass(frozen=True)
class Correction:
    """One correction: `labels` are the welder's, of `offered`; `scores` what the phone claims, empty where unknown.

    It is row `row` of `batch`. Whatever the sender controls is text, to be shown as text.
    """

    key: str
    uploader: str
    via: Via
    batch: Path
    row: int
    labels: list[str]
    offered: list[str]
    scores: list[float]
    model: str
    taken: str
    device: str
    note: str


def corrections(workspace: "Workspace", own: tuple[str, ...]) -> list[Correction]:
    """All that wait, oldest first; `own`: the project's classes, offered where a batch made by hand names none.

    Raises:
        Damaged: a batch.
    """
    return [one for path in inbox.waiting(workspace) for one in _of_batch(path, own)]


def _of_batch(path: Path, own: tuple[str, ...]) -> list[Correction]:
    file = feedback_batches.opened(path)
    columns = [name for name in _SAID if name in file.schema_arrow.names]
    with state_files.reading(path, state_files.FROM_DATA):
        rows = file.read(columns=columns).to_pylist()
    found = []
    for number, (sent, row) in enumerate(zip(senders.of_batch(path), rows, strict=True)):
        taken = row.get("taken")
        found.append(
            Correction(
                key=sent.key,
                uploader=sent.uploader,
                via=sent.via,
                batch=path,
                row=number,
                labels=list(row["labels"] or []),
                offered=list(row.get("classes") or own),
                scores=list(row.get("scores") or []),
                model=row.get("model") or "",
                taken=taken.isoformat(timespec="seconds") if taken else "",
                device=row.get("device") or "",
                note=row.get("note") or "",
            )
        )
    return found


def photograph(one: Correction) -> bytes:
    """Its JPEG; raises Damaged, or FileNotFoundError when the batch has left the inbox."""
    file = feedback_batches.opened(one.batch)
    with state_files.reading(one.batch, state_files.FROM_DATA):
        start = 0
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            if one.row < start + size:
                return bytes(file.read_row_group(group, columns=["image"])["image"][one.row - start].as_py())
            start += size
    raise FileNotFoundError(one.batch)
