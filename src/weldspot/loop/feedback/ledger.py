"""data/revoked.jsonl: what was taken back, by whom, when and why; lines are added and never changed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from weldspot.contracts.base import Contract
from weldspot.runtime import atomic, state_files

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class Revocation(Contract):
    """`name`: as it was given; `at`: ISO 8601; `erased`: their bytes were to go everywhere.

    `uploader`: nothing that this one sends is collected any more; "" where single uploads were meant. `uploads`: names
    of uploads, feedback/{uploader}/{id}.jpg; `photographs`: SHA-256 of what was in batches, the ids of the image table.
    """

    cure: ClassVar[str] = state_files.FROM_DATA

    name: str
    why: str
    by: str
    at: str
    erased: bool
    uploader: str
    uploads: list[str]
    photographs: list[str]


@dataclass(frozen=True)
class Ledger:
    """All revocations, in order."""

    entries: tuple[Revocation, ...]

    def covers(self, upload: str) -> bool:
        """Whether this upload (feedback/{uploader}/{id}.jpg) was taken back."""
        return any(_covers(entry, upload) for entry in self.entries)

    def deletes(self, upload: str) -> bool:
        """Whether it was to be deleted everywhere."""
        return any(entry.erased and _covers(entry, upload) for entry in self.entries)

    def erased(self, photograph: str) -> bool:
        """Whether the photograph of this SHA-256 was to be deleted everywhere, under whatever name it comes."""
        return any(photograph in entry.photographs for entry in self.entries if entry.erased)

    def photographs(self) -> set[str]:
        """SHA-256 of every photograph that was taken back."""
        return {photograph for entry in self.entries for photograph in entry.photographs}


def _covers(entry: Revocation, upload: str) -> bool:
    return upload in entry.uploads or bool(entry.uploader and upload.split("/")[1:2] == [entry.uploader])


def read(workspace: "Workspace") -> Ledger:
    """The ledger; an empty one where nothing was ever taken back. Raises Damaged."""
    path = workspace.revoked
    try:
        with state_files.reading(path, state_files.FROM_DATA):
            lines = path.read_text(encoding="utf-8").splitlines()
            if not lines:
                raise ValueError("empty: it is made with its first line")
    except FileNotFoundError:
        return Ledger(())
    return Ledger(tuple(Revocation.parse(line, f"{path}, line {number}") for number, line in enumerate(lines, 1)))


def append(workspace: "Workspace", entry: Revocation) -> None:
    """Adds a line, durably; once, however often it is called for one entry."""
    before = read(workspace)
    if entry in before.entries:
        return
    lines = [one.model_dump_json() for one in (*before.entries, entry)]
    atomic.write_bytes(workspace.revoked, ("\n".join(lines) + "\n").encode())
