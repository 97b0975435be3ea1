"""A rule for the names of scenes is a regular expression, or it is refused."""

import pytest
import yaml
from pydantic import ValidationError
from small_project import ROOT

from weldspot.config.sections.ingest import Ingest


@pytest.fixture
def section() -> dict[str, object]:
    return yaml.safe_load((ROOT / "params.yaml").read_text())["ingest"]


def test_a_pattern_that_is_none_is_refused_with_the_reason(section: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="not a regular expression"):
        Ingest.model_validate(section | {"group_pattern": "plate-(\\d+"})


def test_a_pattern_is_kept_as_it_is(section: dict[str, object]) -> None:
    assert Ingest.model_validate(section | {"group_pattern": r"(?P<scene>\d+)"}).group_pattern == r"(?P<scene>\d+)"
