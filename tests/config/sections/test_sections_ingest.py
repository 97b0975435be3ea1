"""What may be said of an ingest."""

import exports
import pytest
from pydantic import ValidationError

from weldspot.config.sections.ingest import Ingest

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
