"""The photographs that the model was made with, by their fingerprints: what a sender sends again is no news."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np
from jaxtyping import Float16

from weldspot.images import dataset, table
from weldspot.images.scenes.fingerprint import DIMENSIONS, fingerprint
from weldspot.runtime import atomic
from weldspot.runtime.processes import map_shards

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_BETWEEN = "\x1f"  # in no name of a class


class _Row(TypedDict):
    id: str
    image: bytes
    labels: list[str]
    source: str
    name: str


@dataclass(frozen=True)
class Known:
    """`ids`, `labels`, `names` and `shards` (paths) of the photographs whose fingerprints are `prints`, in order."""

    prints: Float16[np.ndarray, "n 1024"]
    ids: list[str]
    labels: list[list[str]]
    names: list[str]
    shards: list[str]

    def __len__(self) -> int:
        return len(self.ids)

    def picture(self, index: int) -> bytes:
        """The encoded photograph, as ingest keeps it; empty when the graph has another table by now."""
        try:
            for row in table.rows(Path(self.shards[index]), _Row):
                if row["id"] == self.ids[index]:
                    return row["image"]
        except FileNotFoundError:
            pass
        return b""


def read(workspace: "Workspace") -> Known:
    """What artifacts/ingest holds, without cut-out backgrounds; nothing where it is not on this machine.

    Fingerprints are made once for a table, and kept in .weldspot/.

    Raises:
        Damaged: a shard.
    """
    shards = table.shards(workspace.artifact("ingest"))
    key = "\n".join(f"{path.resolve()} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in shards)
    found = _kept(workspace.known, key)
    if found is not None:
        return found
    parts = list(map_shards(_of_shard, shards, "known photographs"))
    found = Known(
        np.concatenate([np.zeros((0, DIMENSIONS), np.float16), *(part.prints for part in parts)]),
        *([one for part in parts for one in getattr(part, name)] for name in ("ids", "labels", "names", "shards")),
    )
    buffer = io.BytesIO()
    columns = {
        "ids": found.ids, "names": found.names, "shards": found.shards,
        "labels": [_BETWEEN.join(labels) for labels in found.labels],
    }  # fmt: skip
    arrays = {name: np.array(values, str) for name, values in columns.items()}
    np.savez(buffer, allow_pickle=False, key=np.array(key), prints=found.prints, **arrays)
    atomic.write_bytes(workspace.known, buffer.getbuffer())
    return found


def kept(workspace: "Workspace") -> Known:
    """What was made of a table last, whichever it is by now; nothing where nothing was."""
    return _kept(workspace.known, None) or Known(np.zeros((0, DIMENSIONS), np.float16), [], [], [], [])


def _of_shard(path: Path) -> Known:
    rows = [row for row in table.rows(path, _Row) if row["source"] != "crop"]
    prints = [fingerprint(dataset.decode(row["image"])).astype(np.float16) for row in rows]
    return Known(
        np.array(prints, np.float16).reshape(-1, DIMENSIONS),
        [row["id"] for row in rows],
        [row["labels"] for row in rows],
        [row["name"] for row in rows],
        [str(path.resolve())] * len(rows),
    )


def _kept(path: Path, key: str | None) -> Known | None:
    """What was made of this very table; None where nothing is there, or nothing that can be read."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            if key is not None and str(file["key"]) != key:
                return None
            columns = {name: file[name].tolist() for name in ("ids", "labels", "names", "shards")}
            labels = [text.split(_BETWEEN) for text in columns["labels"]]
            return Known(file["prints"], columns["ids"], labels, columns["names"], columns["shards"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
