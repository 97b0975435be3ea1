"""What the loop has been doing, read from its files; what can't be read is said, never fatal."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.loop.feedback import spool
from weldspot.server.models import Models

INBOX, ADMITTED, QUARANTINE = Path("data/inbox"), Path("data/feedback"), Path("data/quarantine")
REPORT = Path("reports/gate")


@dataclass(frozen=True)
class Verdict:
    """reports/gate/verdict.json; what is missing there is empty here."""

    outcome: str
    reasons: list[str]
    images: int
    version: str
    at: str


@dataclass(frozen=True)
class State:
    """Counts are photographs, `received` those not collected yet.

    `manifest`: what phones are given.
    """

    received: int
    inbox: int
    admitted: int
    quarantined: int
    collected: datetime | None
    verdict: Verdict | None
    report: bool
    surprises: bool
    manifest: dict | None


def read(root: Path, models: Models) -> State:
    """Reads the state under `root`; of the batches only the ids."""
    inbox, admitted = _ids(root / INBOX), _ids(root / ADMITTED)
    quarantined = {path.stem for path in (root / QUARANTINE).glob("*.json")}
    spooled = {path.stem for path in (root / spool.SPOOL).glob("feedback/*/*.json")}
    batches = [*(root / INBOX).glob("*.parquet"), *(root / ADMITTED).glob("*.parquet")]
    return State(
        received=len(spooled - inbox - admitted - quarantined),  # `loop.collect.after: keep` leaves them in the spool
        inbox=len(inbox),
        admitted=len(admitted),
        quarantined=len(quarantined),
        collected=max((when for path in batches if (when := _when(path))), default=None),
        verdict=_verdict(root / REPORT / "verdict.json"),
        report=(root / REPORT / "report.html").is_file(),
        surprises=(root / REPORT / "surprises.png").is_file(),
        manifest=models.manifest(),
    )


def _ids(folder: Path) -> set[str]:
    ids: set[str] = set()
    for path in folder.glob("*.parquet"):
        try:
            ids.update(pq.read_table(path, columns=["id"])["id"].to_pylist())
        except (OSError, pa.ArrowException):  # moved by the gate meanwhile, or damaged
            continue
    return ids


def _when(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.name.split("-")[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _verdict(path: Path) -> Verdict | None:
    try:
        value = json.loads(path.read_bytes())
        reasons, model = value.get("reasons"), value.get("model")
        return Verdict(
            outcome=str(value["outcome"]),
            reasons=[str(reason) for reason in reasons] if isinstance(reasons, list) else [],
            images=int(value.get("images", 0)),
            version=str(model.get("version", "")) if isinstance(model, dict) else "",
            at=str(value.get("at", "")),
        )
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return None
