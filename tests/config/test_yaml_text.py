"""A value on one line is read as itself, by whoever reads YAML here."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from weldspot.config.sections.labels import CLASS_CHARACTERS
from weldspot.config.yaml_mapping import parsed
from weldspot.config.yaml_text import on_one_line

AWKWARD = ["1e5", "12", "null", "yes", "2026-01-01", "a: b", "#1", "'", '"', "- x", "[a]", "~", "ß 🙂", "1_000", "0x1f"]
NAMES = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=CLASS_CHARACTERS)


@pytest.mark.parametrize("value", [*AWKWARD, "weld", True, False, None, AWKWARD, [], ["Good Welding"]])
def test_it_is_read_as_itself(value: str | bool | list[str] | None) -> None:
    text = on_one_line(value)
    assert "\n" not in text
    assert parsed(f"key: {text}  # as it is") == {"key": value}
    assert yaml.safe_load(f"key: {text}") == {"key": value}
    assert OmegaConf.create(f"key: {text}").key == value


@given(NAMES)
def test_any_name_is(name: str) -> None:
    assert parsed(f"key: {on_one_line(name)}  # x") == {"key": name}
    assert parsed(f"key: {on_one_line([name, name])}  # x") == {"key": [name, name]}


@pytest.mark.parametrize("value", ["weld", ["Good Welding", "Crack"], "/a/path with a space"])
def test_what_needs_no_quotes_has_none(value: str | list[str]) -> None:
    assert not set(on_one_line(value)) & set("'\"")
