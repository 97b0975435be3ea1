"""Where the photographs of a target lie in this project, and their removal from there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from weldspot.images.table import content_id
from weldspot.loop.feedback import feedback_batches, inbox, quarantine
from weldspot.loop.feedback.spool import Spool
from weldspot.loop.revoking.target import Target
from weldspot.runtime import state_files

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


@dataclass
class Copies:
    """`uploads`: names; `images`: SHA-256 → bytes, of what is in batches (`photographs`) and of what was sent;
    `counts`: where → how many photographs.
    """

    uploads: set[str] = field(default_factory=set)
    photographs: set[str] = field(default_factory=set)
    images: dict[str, bytes] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.counts.values())

    def note(self, where: str, image: bytes, upload: str) -> str:
        """Takes down one photograph; returns its SHA-256."""
        self.counts[where] = self.counts.get(where, 0) + 1
        self.images[sha256 := content_id(image)] = image
        if upload:
            self.uploads.add(upload)
        return sha256


def find(workspace: "Workspace", target: Target) -> Copies:
    """Everything of a target: in admitted, waiting and refused batches, in quarantine and in the spool.

    Raises:
        Damaged: a batch, or an entry of quarantine.
    """
    found = Copies()
    for where, path in _batches(workspace):
        table = _read(path)
        for number in np.flatnonzero(target.rows(path, table)):
            upload = table["origin"][number].as_py() if "origin" in table.column_names else ""
            found.photographs.add(found.note(where, table["image"][number].as_py() or b"", upload or ""))
    spool = Spool(workspace.spool)
    for entry in quarantine.entries(workspace):
        if _is_of(target, upload := quarantine.upload_name(entry), found):
            found.note("quarantine", _bytes(entry.with_suffix(".bin")), upload)
    for upload in spool.stored():
        if _is_of(target, upload, found):
            found.note("the spool", spool.image(upload), upload)
    return found


def remove(workspace: "Workspace", target: Target, uploads: set[str]) -> None:
    """Takes all of it away; a batch is replaced at once by one without these photographs. Called again, it goes on."""
    touched = []
    with inbox.changing(workspace, "revoke"):
        for where, path in _batches(workspace):
            table = _read(path)
            kept = table.filter(pa.array(~target.rows(path, table)))
            if not len(kept):
                path.unlink()
            elif len(kept) < len(table):
                feedback_batches.save(path, kept)
            else:
                continue
            if where == "the inbox":
                touched.append(path.name)
        inbox.forget(workspace, touched)  # what was said of them was said of these photographs too
    spool = Spool(workspace.spool)
    for entry in quarantine.entries(workspace):
        upload = quarantine.upload_name(entry)
        if upload in uploads or target.means(upload):
            entry.with_suffix(".bin").unlink(missing_ok=True)
            entry.unlink()
    for upload in spool.stored():
        if upload in uploads or target.means(upload):
            spool.forget(upload)


def _is_of(target: Target, upload: str, found: Copies) -> bool:
    return upload in found.uploads or target.means(upload)


def _batches(workspace: "Workspace") -> Iterator[tuple[str, Path]]:
    yield from (("data/feedback", path) for path in sorted(workspace.feedback.rglob("*.parquet")))
    yield from (("the inbox", path) for path in inbox.waiting(workspace))
    yield from (("what was refused", path) for path in sorted(workspace.rejected.glob("*.parquet")))


def _read(path: Path) -> pa.Table:
    with state_files.reading(path, state_files.FROM_DATA):
        return feedback_batches.opened(path).read()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
