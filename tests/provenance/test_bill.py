"""The bill of materials fits CycloneDX's own schema, and is the same bytes for the same lock."""

import json
from importlib.resources import files
from pathlib import Path

import contract_examples
import pytest
from attested import REQUIREMENTS
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from weldspot.provenance import bill

LOCK = (Path(__file__).resolve().parents[2] / "requirements.lock").read_text()
MANIFEST = contract_examples.manifest()


def validator() -> Draft7Validator:
    """Of the schemas that the CycloneDX project ships with its own library."""
    folder = files("cyclonedx") / "schema/_res"
    names = {"bom-1.6": "bom-1.6.SNAPSHOT", "spdx": "spdx.SNAPSHOT", "jsf-0.82": "jsf-0.82.SNAPSHOT"}
    found = {name: json.loads((folder / f"{file}.schema.json").read_text()) for name, file in names.items()}
    others = [(found[name]["$id"], Resource.from_contents(found[name])) for name in ("spdx", "jsf-0.82")]
    return Draft7Validator(found["bom-1.6"], registry=Registry().with_resources(others))


@pytest.mark.parametrize("lock", [LOCK, REQUIREMENTS, ""])
def test_it_fits_the_official_schema(lock: str) -> None:
    errors = [error.message for error in validator().iter_errors(json.loads(bill.write(MANIFEST, "3", lock)))]
    assert errors == []


def test_a_bill_that_does_not_fit_is_found() -> None:
    said = json.loads(bill.write(MANIFEST, "3", REQUIREMENTS))
    said["components"][0]["type"] = "a library"
    assert list(validator().iter_errors(said))


def test_every_package_of_the_lock_is_in_it_once() -> None:
    said = json.loads(bill.write(MANIFEST, "3", LOCK))
    names = {line.split("==")[0].split("[")[0] for line in LOCK.splitlines() if "==" in line and line[0].isalnum()}
    assert {one["name"] for one in said["components"]} == names
    references = [one["bom-ref"] for one in said["components"]]
    assert len(set(references)) == len(references) > 100
    assert said["dependencies"][0]["dependsOn"] == references
    assert said["metadata"]["component"]["hashes"][0]["content"] == MANIFEST.sha256


def test_markers_and_hashes_come_along_and_extras_make_no_second() -> None:
    one, two, three = bill.packages(REQUIREMENTS)
    assert (one.name, one.version, len(one.hashes), one.marker) == ("absl-py", "2.5.1", 2, "")
    assert two.marker == "python_full_version < '3.11'"
    assert three.purl == "pkg:pypi/pyjwt@2.15.1"


def test_same_lock_same_bytes() -> None:
    assert bill.write(MANIFEST, "3", REQUIREMENTS) == bill.write(MANIFEST, "3", REQUIREMENTS)
    assert bill.write(MANIFEST, "4", REQUIREMENTS) != bill.write(MANIFEST, "3", REQUIREMENTS)
