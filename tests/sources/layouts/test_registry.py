"""Each layout that is read has what recognition asks of it."""

import pytest

from weldspot.sources.layouts.registry import EXPLICIT, FOLDERS, LAYOUTS


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_has_all_that_recognition_asks(name: str) -> None:
    layout = LAYOUTS[name]
    assert layout.TITLE
    assert layout.MISSING
    assert callable(layout.survey)
    assert callable(layout.read)


def test_no_two_have_one_title() -> None:
    assert len({layout.TITLE for layout in LAYOUTS.values()}) == len(LAYOUTS)


def test_names_of_folders_come_last() -> None:
    assert list(LAYOUTS) == [*EXPLICIT, FOLDERS]
