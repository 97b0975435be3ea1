"""Every value of params.yaml is shown with the file that gives it."""

from pathlib import Path

import pytest
from project_copy import CHOICES, GROUPS, composed

from weldspot.config.provenance import OVERRIDE, provenance, table
from weldspot.runtime.errors import WeldspotError


@pytest.mark.parametrize("choice", [f"{group}={name}" for group in GROUPS for name in CHOICES[group]])
def test_every_value_of_every_choice_has_its_file(repo: Path, choice: str) -> None:
    values = provenance(composed(repo, choice), repo / "conf")
    assert OVERRIDE not in {value.origin for value in values}
    group, name = choice.split("=")
    origins = {value.origin for value in values if value.key.startswith(f"{group}.")}
    assert str(repo / "conf" / group / f"{name}.yaml") in origins


def test_an_override_is_shown_as_one(repo: Path) -> None:
    values = {v.key: v for v in provenance(composed(repo, "training=full", "training.seed=9"), repo / "conf")}
    assert (values["training.seed"].value, values["training.seed"].origin) == (9, OVERRIDE)
    assert values["training.epochs"].origin.endswith("conf/training/full.yaml")
    assert values["training.dropout"].origin.endswith("conf/training/quick.yaml")


def test_columns_are_aligned(repo: Path) -> None:
    lines = table(provenance(composed(repo), repo / "conf")).splitlines()
    assert len({line.rindex("conf/") for line in lines if "conf/source/sample.yaml" in line}) == 1


def test_without_a_params_file_it_says_what_to_do(repo: Path) -> None:
    with pytest.raises(WeldspotError, match=r"params\.yaml: no such file; .*weldspot compose"):
        provenance(repo / "params.yaml", repo / "conf")


def test_a_number_written_as_hydra_reads_it_is_no_override(repo: Path) -> None:
    conf = repo / "conf/training/quick.yaml"
    conf.write_text(conf.read_text().replace("weight_decay: 0.0001", "weight_decay: 1e-5"))
    values = {v.key: v for v in provenance(composed(repo), repo / "conf")}
    assert (values["training.weight_decay"].value, values["training.weight_decay"].origin) == (1e-5, str(conf))
