"""A rule for the names of scenes is a regular expression, a share is one: or it is refused."""

import exports
import pytest
from pydantic import ValidationError

from weldspot.config.sections.ingest import Ingest


def test_a_pattern_that_is_none_is_refused_with_the_reason() -> None:
    with pytest.raises(ValidationError, match="not a regular expression"):
        ingest(group_pattern="plate-(\\d+")


def test_a_pattern_is_kept_as_it_is() -> None:
    assert ingest(group_pattern=r"(?P<scene>\d+)").group_pattern == r"(?P<scene>\d+)"


def ingest(**changes: object) -> Ingest:
    return Ingest.model_validate(exports.params(name="sample").ingest.model_dump() | changes)


GIVEN = exports.params(name="folder").ingest.model_dump()


@pytest.mark.parametrize(
    "change", [{"max_quarantined": 1.1}, {"max_quarantined": float("nan")}, {"unknown_classes": "keep"}]
)
def test_what_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Ingest.model_validate(GIVEN | change)
