"""provenance.json: where what fetch has delivered came from, for people, for ingest's messages, and for lineage."""

from pathlib import Path
from typing import ClassVar, Literal

from weldspot.contracts.base import Contract
from weldspot.runtime import state_files
from weldspot.runtime.errors import WeldspotError

SourceName = Literal["sample", "roboflow", "folder", "custom"]


class Delivery(Contract):
    """One zip: `version` None where a source has none, `licence` None where the export's README declares none.

    `layout` is said of the export alone, `damaged` names the members that can't be read.
    """

    source: SourceName
    where: str
    version: str | None
    layout: str = ""
    licence: str | None
    sha256: str
    bytes: int
    damaged: list[str]


class Provenance(Contract):
    """What artifacts/fetch/ holds."""

    cure: ClassVar[str] = state_files.FROM_GRAPH

    export: Delivery
    background: Delivery | None = None


def read(path: Path) -> Provenance:
    """The provenance that fetch wrote.

    Raises:
        WeldspotError: there is none, or it is not one.
    """
    try:
        return Provenance.read(path)
    except FileNotFoundError:
        raise WeldspotError(f"{path}: no such file; run `dvc repro fetch` first") from None
