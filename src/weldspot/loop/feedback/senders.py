"""Who sent each photograph of a batch, and which way it came."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from weldspot.loop.feedback import feedback_batches
from weldspot.loop.feedback.spool import Via
from weldspot.runtime import state_files


class Sent(NamedTuple):
    """Of one photograph: `key` is its upload's name, or batch and row where a batch made by hand has none."""

    key: str
    uploader: str
    via: Via

    @property
    def counts_as(self) -> str:
        """Whose influence is bounded; "" is nobody's: it came from this very machine."""
        return self.uploader or "somebody" if self.via == "network" else ""


def of_batch(path: Path) -> list[Sent]:
    """In the order of the rows; what a batch does not say of its way came over the network. Raises Damaged."""
    file = feedback_batches.opened(path)
    columns = [name for name in ("origin", "uploader", "via") if name in file.schema_arrow.names]
    with state_files.reading(path, state_files.FROM_DATA):
        rows = file.read(columns=columns or ["labels"]).to_pylist()
    found = []
    for number, row in enumerate(rows):
        key = row.get("origin") or f"{path.name}#{number}"
        found.append(Sent(key, row.get("uploader") or "", "loopback" if row.get("via") == "loopback" else "network"))
    return found


def counts_as(batches: Sequence[Path]) -> list[str]:
    """`Sent.counts_as` of all photographs of all batches, in order; there may be a million. Raises Damaged."""
    found: list[str] = []
    for path in batches:
        file = feedback_batches.opened(path)
        names, count = file.schema_arrow.names, file.metadata.num_rows
        with state_files.reading(path, state_files.FROM_DATA):
            uploaders, vias = (
                file.read(columns=[name])[name].to_pylist() if name in names else [None] * count
                for name in ("uploader", "via")
            )
        found += [
            "" if via == "loopback" else sys.intern(who or "somebody") for who, via in zip(uploaders, vias, strict=True)
        ]
    return found
