"""Vendors' spellings mean one of the classes, in one order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weld_classes import CLASSES, WELD


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [("spatters", "Splatters"), ("Good_Welding", "Good Welding"), (" bad-weld ", "Bad Welding"), ("PORES", "Porosity")],
)
def test_spellings(spelled: str, meant: str) -> None:
    assert WELD.canonical(spelled) == meant


def test_what_is_none_of_them_is_none() -> None:
    assert WELD.canonical("undercut") is None
    assert WELD.canonical("") is None


@given(st.lists(st.sampled_from(CLASSES)))
def test_any_list_of_classes_comes_in_order_once(names: list[str]) -> None:
    ordered = WELD.in_order(names)
    assert ordered == [name for name in CLASSES if name in names]
    assert WELD.multi_hot(names).tolist() == [int(name in names) for name in CLASSES]
