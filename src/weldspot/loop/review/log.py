"""The decisions of reviewers: a file a day under data/reviews/, to which lines are added, none is ever taken."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.contracts.reviewed import Decided, Reviewed
from weldspot.runtime import atomic, locks, state_files
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class Taken(WeldspotError):
    """Somebody else has decided meanwhile; `last` is what."""

    def __init__(self, last: Reviewed) -> None:
        super().__init__(f"{last.by} has decided on it meanwhile: {last.decision}; look at it again")
        self.last = last


class Log:
    """What was decided, in order; read anew when a file has changed."""

    def __init__(self, workspace: "Workspace") -> None:
        self._folder, self._lock = workspace.reviews, workspace.lock("review")
        self._key: tuple[tuple[str, int, int], ...] = ()
        self._all: list[Reviewed] = []

    def all(self) -> list[Reviewed]:
        """Every decision, oldest first; raises Damaged."""
        files = sorted(self._folder.glob("*.jsonl"))
        key = tuple(map(_seen, files))
        if key != self._key:
            self._all = [entry for path in files for entry in _entries(path)]
            self._key = key
        return self._all

    def last(self) -> dict[str, Reviewed]:
        """The decision that holds, of each correction that has one: undone ones have none."""
        found: dict[str, Reviewed] = {}
        for entry in self.all():
            if (
                entry.upload not in found or entry.number >= found[entry.upload].number
            ):  # a clock may have been set back
                found[entry.upload] = entry
        return {upload: entry for upload, entry in found.items() if entry.decision != "undo"}

    def add(self, wanted: Sequence[Reviewed]) -> None:
        """Writes decisions down, all or none; durable when it returns.

        Raises:
            Taken: a correction has other decisions than the one that is to be written has seen (`number`).
        """
        with locks.queued(self._lock):
            counts: dict[str, list[Reviewed]] = {}
            for entry in self.all():
                counts.setdefault(entry.upload, []).append(entry)
            for one in wanted:
                before = counts.setdefault(one.upload, [])
                if one.number != len(before):
                    raise Taken(before[-1]) if before else WeldspotError(f"{one.upload}: nothing was decided yet")
                if one.decision == "undo" and (not before or before[-1].decision == "undo"):
                    raise WeldspotError(f"{one.upload}: there is no decision to undo")
                before.append(one)
            path = self._folder / f"{datetime.now(UTC):%Y-%m-%d}.jsonl"
            old = path.read_bytes() if path.exists() else b""
            atomic.write_bytes(path, old + b"".join(one.model_dump_json().encode() + b"\n" for one in wanted))

    def made(self, upload: str) -> list[Reviewed]:
        """Every decision on one correction, oldest first."""
        return [entry for entry in self.all() if entry.upload == upload]


def decision(
    log: Log, upload: str, uploader: str, decided: Decided, by: str, labels: tuple[Sequence[str], Sequence[str]],
    reason: str = "", seen: int | None = None,
) -> Reviewed:  # fmt: skip
    """A decision of now; `labels`: before and after; `seen`: how many decisions on it the reviewer has seen."""
    return Reviewed(
        upload=upload,
        uploader=uploader,
        number=len(log.made(upload)) if seen is None else seen,
        decision=decided,
        by=by,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        before=list(labels[0]),
        after=list(labels[1]),
        reason=reason,
    )


def _seen(path: Path) -> tuple[str, int, int]:
    """What changes when the file does."""
    with state_files.reading(path, state_files.FROM_DATA):
        found = path.stat()
        return path.name, found.st_size, found.st_mtime_ns


def _entries(path: Path) -> list[Reviewed]:
    with state_files.reading(path, state_files.FROM_DATA):
        lines = path.read_bytes().splitlines()
    return [Reviewed.parse(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
