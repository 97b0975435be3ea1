"""Reports of phones: in the spool as they come, then in data/telemetry, a file a day, to which lines are only added."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.contracts.telemetry import Telemetry
from weldspot.runtime import atomic, state_files

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

FOLDER = "telemetry"  # in the spool


def put(spool: Path, report: Telemetry) -> bool:
    """Stores a report, durably; False when one of its id is there."""
    path = spool / FOLDER / f"{report.id}.json"
    if path.exists():
        return False
    atomic.write_bytes(path, report.model_dump_json(exclude_unset=True).encode())
    return True


def stored_since(spool: Path, moment: float) -> int:
    """How many reports lie in the spool that came since `moment` (seconds since 1970)."""
    return sum(path.stat().st_mtime >= moment for path in (spool / FOLDER).glob("*.json"))


def read(workspace: "Workspace", challenger: str = "") -> Iterator[Telemetry]:
    """All that were collected, in the order in which they came; of a canary's phones alone where its SHA-256 is given.

    Raises Damaged.
    """
    for _, report in by_arrival(workspace, challenger):
        yield report


def by_arrival(workspace: "Workspace", challenger: str = "") -> Iterator[tuple[str, Telemetry]]:
    """The same, each with the day on which it was collected (ISO 8601): clocks of phones may be wrong."""
    for where, line in _lines(workspace):
        _id(where, line)  # one that is cut off is damaged, and not another canary's
        if challenger in line:
            report = Telemetry.parse(line, where, state_files.FROM_DATA)
            if not challenger or report.challenger == challenger:
                yield Path(where).name[:10], report


def known(workspace: "Workspace") -> set[str]:
    """The ids of all that were collected; raises Damaged."""
    return {_id(where, line) for where, line in _lines(workspace)}


def append(workspace: "Workspace", reports: Sequence[Telemetry]) -> None:
    """Adds lines to the file of today, durably, all or none."""
    if not reports:
        return
    path = workspace.telemetry / f"{datetime.now(UTC):%Y-%m-%d}.jsonl"
    before = path.read_bytes() if path.exists() else b""
    lines = b"".join(report.model_dump_json(exclude_unset=True).encode() + b"\n" for report in reports)
    atomic.write_bytes(path, before + lines)


def _id(where: str, line: str) -> str:
    with state_files.reading(where, state_files.FROM_DATA):
        return str(json.loads(line)["id"])


def _lines(workspace: "Workspace") -> Iterator[tuple[str, str]]:
    """Where each line stands, and the line."""
    for path in sorted(workspace.telemetry.glob("*.jsonl")):
        with state_files.reading(path, state_files.FROM_DATA):
            lines = path.read_text(encoding="utf-8").splitlines()
        yield from ((f"{path}:{number}", line) for number, line in enumerate(lines, 1) if line.strip())
