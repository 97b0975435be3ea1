"""What is to be taken back, by its name: a batch, an uploader, an upload or a photograph, and what belongs to it."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
from jaxtyping import Bool

from weldspot.contracts.base import Contract
from weldspot.images.table import content_id
from weldspot.runtime.errors import WeldspotError

Kind = Literal["batch", "uploader", "upload", "photograph"]
KINDS: tuple[Kind, ...] = ("batch", "uploader", "upload", "photograph")
_UPLOAD = re.compile(r"feedback/(?P<uploader>[^/]+)/(?P<id>[^/]+)\.jpg")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Target(Contract):
    """`name`: a batch's file, an uploader, an upload (its id, or feedback/{uploader}/{id}.jpg), or a SHA-256."""

    kind: Kind
    name: str

    def rows(self, batch: Path, table: pa.Table) -> Bool[np.ndarray, " n"]:
        """Which rows of a batch it means."""
        if self.kind == "batch":
            return np.full(len(table), batch.name == self.name)
        if self.kind == "photograph":
            return np.array([content_id(value.as_py() or b"") == self.name for value in table["image"]], bool)
        columns = ("uploader",) if self.kind == "uploader" else ("id", "origin")
        found = np.zeros(len(table), bool)
        for name in set(columns) & set(table.column_names):
            found |= np.array([value.as_py() == self.name for value in table[name]], bool)
        return found

    def means(self, upload: str) -> bool:
        """Whether it means this upload, by the name alone."""
        found = _UPLOAD.fullmatch(upload)
        if self.kind == "uploader":
            return found is not None and found["uploader"] == self.name
        return self.kind == "upload" and (upload == self.name or (found is not None and found["id"] == self.name))


def possible(name: str) -> list[Target]:
    """What a name may mean: `feedback/{uploader}/` is an uploader for certain, what ends in .parquet a batch."""
    if name.startswith("feedback/") and name.endswith("/"):
        return [Target(kind="uploader", name=name.split("/")[1])]
    if name.endswith(".parquet"):
        return [Target(kind="batch", name=Path(name).name)]
    if _UPLOAD.fullmatch(name):
        return [Target(kind="upload", name=name)]
    found = [
        Target(kind="batch", name=f"{name}.parquet"),
        Target(kind="uploader", name=name),
        Target(kind="upload", name=name),
    ]
    return [*found, Target(kind="photograph", name=name)] if _SHA256.fullmatch(name) else found


def meant(name: str, there: Iterable[Target]) -> Target:
    """The one of those that are there; raises WeldspotError for none and for several: senders choose their names."""
    found = list(there)
    if not found:
        raise WeldspotError(
            f"revoke {name}: no batch, uploader, upload or photograph (SHA-256) of that name in data/ or the spool"
        )
    if len(found) > 1:
        kinds = " and ".join(f"the {target.kind} {target.name}" for target in found)
        raise WeldspotError(
            f"revoke {name}: that is {kinds}; say {name}.parquet for a batch, feedback/{name}/ for an uploader, "
            "feedback/UPLOADER/ID.jpg for an upload"
        )
    return found[0]
