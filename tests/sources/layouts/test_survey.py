"""How much of an export a layout explains."""

from weldspot.sources.layouts.survey import Survey
from weldspot.sources.members import Members


def test_what_is_known_to_be_no_photograph_does_not_count() -> None:
    found = Survey(Members(("a.jpg", "a.png", "b.jpg")), {"a.jpg": "a.xml"}, aside={"a.png": "a mask"})
    assert found.share == 0.5
    assert found.left_out == ["b.jpg"]
    assert Survey(Members(())).share == 0
