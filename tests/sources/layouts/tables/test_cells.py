"""Classes, numbers and objects in a cell, however they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weldspot.sources.layouts.tables import cells


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("crack", ("crack",)), (" a b ; c|d ", ("a b", "c", "d")), ("", ()), (None, ()), (float("nan"), ()),
        (3, ("3",)), (3.0, ("3",)), ([1, 2], ("1", "2")), ('["a", "b"]', ("a", "b")), ("['a']", ("a",)), ("[]", ()),
        ("a, b", ("a, b",)),
    ],
)  # fmt: skip
def test_classes(cell, labels):
    assert cells.labels(cell) == labels


@pytest.mark.parametrize("cell", [{"a": 1}, True, "[", "[{'a': 1}]", b"x", "[" * 5000])
def test_what_is_no_class(cell):
    with pytest.raises(ValueError, match="is no"):
        cells.labels(cell)


@pytest.mark.parametrize(
    ("cell", "value"), [("1.5", 1.5), (2, 2.0), ("", None), (None, None), ("nan", None), ("-3", -3.0)]
)
def test_numbers(cell, value):
    assert cells.number(cell) == value


@pytest.mark.parametrize("cell", ["x", "inf", "1e999", "1,5", [1], float("inf"), 10**400])
def test_what_is_no_number(cell):
    with pytest.raises(ValueError, match="not a number"):
        cells.number(cell)


@pytest.mark.parametrize("label", ["0", "12", "3.0", "-1"])
def test_a_class_by_number(label):
    assert cells.is_number(label)
    assert not cells.is_number(f"{label}a")


def _held(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    keys = st.sampled_from(["bbox", "categories", "label", "x"])
    return st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=8), _held, max_leaves=8))
def test_objects_of_any_shape_are_read_or_a_value_error(content):
    try:
        found = cells.objects(content)
    except ValueError:
        return
    assert all(label and len(sides) == 4 for label, sides in found)


@pytest.mark.parametrize("cell", [float("inf"), 1e300, 10**400, -(10**12)])
def test_a_number_of_any_size_is_no_class(cell):
    with pytest.raises(ValueError, match="no class"):
        cells.labels(cell)
    assert not cells.is_number("9" * 400)


def test_python_is_read_in_small_pieces_only():
    assert cells.objects("[{'bbox': [1, 1, 2, 2], 'label': 'Crack'}]") == [("Crack", (1.0, 1.0, 2.0, 2.0))]
    with pytest.raises(ValueError, match="is no list"):
        cells.objects("['" + "x" * 200_000 + "']")
