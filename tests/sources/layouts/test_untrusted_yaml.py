"""What classes need of YAML is read; what would cost more than that is refused before it is built."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from weldspot.sources.layouts import untrusted_yaml
from weldspot.sources.layouts.untrusted_yaml import BadYaml, load

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(categories=["L", "N", "P"]), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=9,
)


@given(VALUES)
def test_it_reads_what_yaml_reads(value: object) -> None:
    assert load(yaml.safe_dump(value, allow_unicode=True).encode()) == value


def test_aliases_are_followed() -> None:
    assert load(b"all: &all [Crack, Pore]\nnames: *all\n") == {"all": ["Crack", "Pore"], "names": ["Crack", "Pore"]}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a: [", "expected|did not find"),
        (b"a: 1\na: 2", "the key 'a' stands twice"),
        (b"a: &a [*a]", "holds itself"),
        (b"a: *b", "holds itself, or nothing|undefined alias"),
        (b"a: 2001-99-99", "month must be"),
        (b"a: !!int x", "invalid literal"),
        (b"a: !!python/object:os.system {}", "could not determine a constructor"),
        (b"a: " + b"9" * 5000, "4300 digits"),
        (b"a: 0x" + b"f" * 5000, "a number of more than 100 digits"),
        (b"".join(b"%%TAG !a%d! t\n" % n for n in range(101)) + b"---\na: 1", "more than 100 %TAG"),
        (b"a: " + b"x" * 70_000, "more than 65536 letters"),
        (b"[" * 41 + b"]" * 41, "nested more than 40 times"),
        (b"- x\n" * 50_001, "more than 50000 values"),
        (b"a: &a [" + b"x," * 300 + b"]\nb: &b [" + b"*a," * 300 + b"]", "more than 50000 values"),
        (b"#" * (1 + untrusted_yaml.MAX_BYTES), "more than 1048576"),
        (b"\xff\xfe\x00", "truncated data|can't decode"),
        (b"\0", "special characters|control characters"),
    ],
)
def test_what_is_none_or_too_much_says_why(data: bytes, says: str) -> None:
    with pytest.raises(BadYaml, match=says) as error:
        load(data)
    assert "\n" not in str(error.value)
