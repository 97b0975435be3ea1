"""Crops are cut from welds, so the classes that go around one are weld classes."""

import exports
import pytest
from pydantic import ValidationError

from weldspot.config.sections.ingest import Ingest


def ingest(**changes: object) -> Ingest:
    return Ingest.model_validate(exports.params(name="sample").ingest.model_dump() | changes)


def test_weld_classes_or_none() -> None:
    assert ingest(background_crops_from=["Crack"]).background_crops_from == ["Crack"]
    assert ingest(background_crops_from=[]).background_crops_from == []


@pytest.mark.parametrize("names", [["Rust"], ["Background"], ["good weld"], "Crack"])
def test_others_are_refused(names: object) -> None:
    with pytest.raises(ValidationError, match="background_crops_from"):
        ingest(background_crops_from=names)
