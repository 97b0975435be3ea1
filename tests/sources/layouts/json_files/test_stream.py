"""JSON in pieces of any length is what `json` reads; what is none is told."""

import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weldspot.sources.layouts.json_files import stream
from weldspot.sources.layouts.json_files.stream import Broken

elements = partial(stream.elements, most=10**6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def cut(text: str, length: int) -> list[str]:
    return [text[at : at + length] for at in range(0, len(text), length)]


def expected(content: object) -> list[tuple[str, object]]:
    if isinstance(content, list):
        return [("", item) for item in content]
    pairs: list[tuple[str, object]] = []
    for key, value in content.items():
        pairs += [(key, item) for item in value] if isinstance(value, list) and value else [(key, value)]
    return pairs


@given(st.lists(VALUES, max_size=4) | st.dictionaries(st.text(max_size=4), VALUES, max_size=4), st.integers(1, 30))
def test_it_reads_what_json_reads(content: object, length: int) -> None:
    for indent in (None, 1):
        assert list(elements(cut(json.dumps(content, indent=indent), length))) == expected(content)


@given(st.lists(VALUES, min_size=1, max_size=3), st.data())
def test_what_is_cut_short_is_never_whole(content: list, data: st.DataObject) -> None:
    text = json.dumps(content)
    end = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(Broken):
        list(elements(cut(text[:end], 7)))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"), ("x", "neither an array nor an object"), ('"x"', "neither"), ("[1] 2", "more than one value"),
        ("[" * 100_000, "nested too deeply"), ('{"a": ' * 100_000, "nested too deeply"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"), ('[{"b": 1, "b": 2}]', "the key 'b' stands twice"),
        ("[1 2, 3, 4, 5, 6, 7, 8, 9, 10]", "not JSON at character 4"), ("{1: 2, 3: 4, 5: 6, 7: 8, 9: 1}", "not JSON"),
        ("[" + "1" * 5000 + "]", "digits"), ("[1,]", "not JSON"), ("[tru", "cut short"), ('["\\x"]', "not JSON"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("length", [1, 3, 10**6])
def test_what_is_no_json_is_told(text: str, why: str, length: int) -> None:
    with pytest.raises(Broken, match=why):
        list(elements(cut(text, length if len(text) < 1000 else 10**6)))


def test_what_is_wrong_in_the_middle_is_found_without_reading_on() -> None:
    read = 0

    def pieces():
        nonlocal read
        yield "[" + "1, " * 1000 + "oops, " + "1, " * 1000
        for _ in range(10_000):
            read += 1
            yield "1, " * 1000

    with pytest.raises(Broken, match="not JSON at character 3001"):
        list(elements(pieces()))
    assert read < 10
