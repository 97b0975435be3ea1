"""Crops are cut from welds; a rule for the names of scenes is a regular expression: or it is refused."""

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


def test_weld_classes_or_none() -> None:
    assert ingest(background_crops_from=["Crack"]).background_crops_from == ["Crack"]
    assert ingest(background_crops_from=[]).background_crops_from == []


@pytest.mark.parametrize("names", [["Rust"], ["Background"], ["good weld"], "Crack"])
def test_others_are_refused(names: object) -> None:
    with pytest.raises(ValidationError, match="background_crops_from"):
        ingest(background_crops_from=names)


GIVEN = exports.params(name="folder").ingest.model_dump()


def test_an_alias_means_a_class() -> None:
    assert Ingest.model_validate(GIVEN | {"aliases": {"undercut": "Bad Welding"}}).aliases == {
        "undercut": "Bad Welding"
    }
    with pytest.raises(ValidationError, match="'Bad Weldin' is none of the classes Background, Bad Welding"):
        Ingest.model_validate(GIVEN | {"aliases": {"undercut": "Bad Weldin"}})


@pytest.mark.parametrize(
    "change", [{"max_quarantined": 1.1}, {"max_quarantined": float("nan")}, {"unknown_classes": "keep"}]
)
def test_what_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Ingest.model_validate(GIVEN | change)
