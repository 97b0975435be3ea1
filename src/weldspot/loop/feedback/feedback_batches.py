"""Writes feedback batches and quarantine, each durable before the call returns, and knows what is in them."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime import atomic
from weldspot.loop.feedback.upload_metadata import SCHEMA
from weldspot.loop.feedback.inbox import ADMITTED, INBOX

QUARANTINE = Path("data/quarantine")


def write(rows: Sequence[dict], now: datetime | None = None) -> Path:
    """One immutable batch in the inbox, named after the time and its uploads."""
    digest = hashlib.sha256("\n".join(sorted(row["origin"] for row in rows)).encode()).hexdigest()[:12]
    path = INBOX / f"{now or datetime.now(UTC):%Y%m%dT%H%M%S}-{digest}.parquet"
    compression = {name: "none" if name == "image" else "zstd" for name in SCHEMA.names}
    buffer = io.BytesIO()
    pq.write_table(
        pa.Table.from_pylist(list(rows), SCHEMA),
        buffer,
        compression=compression,
        use_dictionary=False,
        row_group_size=64,
    )
    atomic.write_file(path, buffer.getbuffer())
    return path


def quarantine(name: str, data: bytes, metadata: Mapping[str, str], reason: str) -> None:
    """Keeps the bytes, and beside them a JSON with name, reason and metadata, which comes last."""
    path = QUARANTINE / hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    atomic.write_file(path.with_suffix(".bin"), data)
    entry = {"name": name, "reason": reason, "metadata": dict(metadata)}
    atomic.write_file(path.with_suffix(".json"), (json.dumps(entry, indent=2) + "\n").encode())


def known() -> set[str]:
    """Names of the uploads that are in a batch or in quarantine; raises WeldspotError for a damaged one."""
    names: set[str] = set()
    for folder in (INBOX, ADMITTED):
        for path in sorted(folder.glob("*.parquet")):
            try:
                if "origin" in pq.read_schema(path).names:  # batches made by hand may lack it
                    names.update(filter(None, pq.read_table(path, columns=["origin"])["origin"].to_pylist()))
            except (pa.ArrowException, OSError) as error:
                raise WeldspotError(
                    f"{path}: not a readable batch ({str(error).splitlines()[0]}); restore it: `dvc checkout data.dvc`"
                ) from error
    for path in QUARANTINE.glob("*.json"):
        names.add(json.loads(path.read_text(encoding="utf-8"))["name"])
    return names
