"""The committed schemas are what the code says, and what the code writes fits them."""

import json
from pathlib import Path

import contract_examples
import jsonschema

from weldspot.contracts import limits, schemas, telemetry
from weldspot.contracts.base import Contract

FOLDER = Path(schemas.__file__).with_name("schemas")


def test_the_committed_schemas_are_up_to_date() -> None:
    committed = {path.name: path.read_text() for path in FOLDER.iterdir()}
    assert committed == schemas.schemas(), "run `make contracts`"


def test_a_new_field_makes_them_stale(monkeypatch) -> None:
    class Grown(schemas.PublishedManifest):
        colour_of_the_van: str

    monkeypatch.setitem(schemas.CONTRACTS, "manifest", Grown)
    assert schemas.schemas()["manifest.schema.json"] != (FOLDER / "manifest.schema.json").read_text()


def test_what_is_written_fits_its_schema() -> None:
    written: dict[str, Contract] = {"manifest": contract_examples.published(), "verdict": contract_examples.verdict()}
    for name, contract in written.items():
        jsonschema.validate(json.loads(contract.json_bytes()), json.loads((FOLDER / f"{name}.schema.json").read_text()))


def test_every_limit_reaches_the_client() -> None:
    wanted = json.dumps(limits.ALL | telemetry.LIMITS)
    assert json.loads((FOLDER / "limits.json").read_text()) == json.loads(wanted)
    assert limits.ALL["IMAGE_BYTES"] == limits.IMAGE_BYTES
