"""Both of PyYAML's loaders read the same."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from weldspot.runtime.yaml_files import safe_loader

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc-:# ", max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_was_written_is_read(value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    assert safe_loader.load(text) == yaml.load(text, yaml.SafeLoader) == value


@pytest.mark.parametrize("text", ["!!python/object:os.system x", "a: *b", "[" * 5000, "- " * 200_000, "a: 'b"])
def test_what_is_none_or_would_be_more_than_data_is_an_error(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        safe_loader.load(text)
