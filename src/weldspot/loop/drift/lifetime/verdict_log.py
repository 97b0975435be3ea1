"""data/verdicts.jsonl: every verdict that could have been a false alarm, and its chance; lines are only added."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from pydantic import AwareDatetime

from weldspot.contracts.base import Contract
from weldspot.contracts.verdict import Outcome
from weldspot.loop.drift.lifetime import budget
from weldspot.loop.drift.lifetime.budget import Spent
from weldspot.runtime import atomic, state_files

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class Line(Contract):
    """`model`: SHA-256 of what the `batches` were judged by; `rate`: the chance of a false alarm that was given."""

    cure: ClassVar[str] = state_files.FROM_DATA

    at: AwareDatetime
    model: str
    batches: list[str]
    outcome: Outcome
    rate: float


def read(workspace: "Workspace") -> list[Line]:
    """All lines in order, none where nothing was judged; raises Damaged."""
    path = workspace.verdicts
    try:
        with state_files.reading(path, state_files.FROM_DATA):
            lines = path.read_text(encoding="utf-8").splitlines()
            if not lines:
                raise ValueError("empty: it is made with its first line")
    except FileNotFoundError:
        return []
    return [Line.parse(line, f"{path}, line {number}") for number, line in enumerate(lines, 1)]


def rate(workspace: "Workspace", batches: Sequence[str], model: str, now: datetime, years: float) -> float:
    """The chance of a false alarm for a verdict on these batches: what it was given already, if a run was killed."""
    lines = read(workspace)
    if (begun := _same(lines, batches, model)) is not None:
        return begun.rate
    return budget.rate((Spent(line.at.astimezone(UTC), line.rate) for line in lines), now, years)


def append(workspace: "Workspace", line: Line) -> None:
    """Adds a line, durably; once for the same batches and model in a row: they are looked at the same way again."""
    lines = read(workspace)
    if _same(lines, line.batches, line.model) is None:
        text = "\n".join(one.model_dump_json() for one in (*lines, line))
        atomic.write_bytes(workspace.verdicts, f"{text}\n".encode())


def _same(lines: Sequence[Line], batches: Sequence[str], model: str) -> Line | None:
    last = lines[-1] if lines else None
    return last if last is not None and (last.batches, last.model) == (list(batches), model) else None
