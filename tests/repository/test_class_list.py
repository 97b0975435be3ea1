"""A list from the names in an export, as `weldspot labels` and `weldspot new` write it."""

from pathlib import Path

import pytest
import yaml

from weldspot.config.sections.labels import Labels
from weldspot.repository import class_list
from weldspot.runtime.errors import WeldspotError


def test_it_is_written_and_said(tmp_path: Path, photographs: Path) -> None:
    target = tmp_path / "conf/labels/mine.yaml"
    said, count = class_list.write(photographs, "the photographs", target)
    assert Labels.model_validate(yaml.safe_load(target.read_text())).names == ["crater", "not_fully_soldered"]
    assert "6 annotated images" in said
    assert count == "2 classes"


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 61])
def test_a_name_is_the_stem_of_a_file(name: str) -> None:
    with pytest.raises(WeldspotError, match="--labels"):
        class_list.named(name, "--labels")
    assert class_list.named("mine-2", "--labels") == "mine-2"
