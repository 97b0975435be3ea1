"""Labels that reviewers give."""

import pytest
from weld_classes import CLASSES, always

from weldspot.loop.review.labels import checked
from weldspot.runtime.errors import WeldspotError

LIST = always("")


def test_any_spelling_of_what_was_offered_in_its_order() -> None:
    assert checked(["porosity", "CRACK", "Crack"], CLASSES, LIST, "x") == ["Crack", "Porosity"]


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [([], "no labels"), (["Rust"], "'Rust' is none of"), (["Background", "Crack"], "can't stand together")],
)
def test_what_can_not_be_meant_is_one_line(chosen: list[str], reason: str) -> None:
    with pytest.raises(WeldspotError, match=f"^x: .*{reason}"):
        checked(chosen, CLASSES, LIST, "x")
