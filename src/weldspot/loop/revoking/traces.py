"""Photographs known again by their bytes, without a copy of them: in any file, whole, or by their id in a table."""

import hashlib
import mmap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from weldspot.contracts.base import Contract
from weldspot.runtime import state_files

_HEAD, _PROBE = 3, 16  # bytes: a file's first ones, and some from behind all headers
_PARQUET = b"PAR1"


class Trace(Contract):
    """One photograph: its SHA-256 and length, its first bytes and some of its own at `Traces.at`, in hex."""

    sha256: str
    length: int
    head: str
    probe: str


class Traces(Contract):
    """`at`: from where on each photograph is told from the others; `ids`: those by which tables know them."""

    at: int
    photographs: list[Trace]
    ids: list[str]

    @classmethod
    def of(cls, images: Iterable[bytes], ids: Iterable[str]) -> Self:
        """Of these photographs; nothing is looked for where one has no bytes."""
        some = [image for image in images if image]
        at = max(0, min((len(image) for image in some), default=0) - _PROBE)
        found = [
            Trace(
                sha256=hashlib.sha256(image).hexdigest(),
                length=len(image),
                head=image[:_HEAD].hex(),
                probe=image[at : at + _PROBE].hex(),
            )
            for image in some
        ]
        return cls(at=at, photographs=found, ids=sorted(set(ids)))

    def within(self, path: Path) -> bool:
        """Whether a file holds one of them: its very bytes anywhere, or a picture under its id in a table."""
        with path.open("rb") as file:
            if not file.read(1):
                return False
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return self._bytes_in(data) or (data[:4] == _PARQUET and self._rows_in(path))

    def _bytes_in(self, data: mmap.mmap) -> bool:
        wanted: dict[bytes, list[Trace]] = {}
        for one in self.photographs:
            wanted.setdefault(bytes.fromhex(one.probe), []).append(one)
        heads = {bytes.fromhex(one.head) for one in self.photographs}
        for start in (place for head in heads for place in _places(data, head)):
            for one in wanted.get(data[start + self.at : start + self.at + _PROBE], ()):
                if hashlib.sha256(data[start : start + one.length]).hexdigest() == one.sha256:
                    return True
        return False

    def _rows_in(self, path: Path) -> bool:
        """A table of photographs that were scaled or changed: what it calls them is the id of the one they are of."""
        try:
            file = state_files.parquet(path, [], state_files.FROM_GRAPH)
            if not {"id", "image"} <= set(file.schema_arrow.names):
                return False
            with state_files.reading(path, state_files.FROM_GRAPH):
                ids = file.read(columns=["id"])["id"]
                return bool(pc.any(pc.is_in(ids, pa.array(self.ids, pa.string()))).as_py())
        except state_files.Damaged:
            return False


def _places(data: mmap.mmap, head: bytes) -> Iterator[int]:
    place = data.find(head)
    while place >= 0:
        yield place
        place = data.find(head, place + 1)
