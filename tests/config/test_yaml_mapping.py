"""A YAML file of keys is read, or one line says what to do."""

from pathlib import Path

import pytest

from weldspot.config.yaml_mapping import flatten, read
from weldspot.runtime.errors import WeldspotError


def test_keys_are_dotted_and_in_order() -> None:
    assert list(flatten({"a": {"b": 1, "c": {}}, "d": None})) == [("a.b", 1), ("a.c", {}), ("d", None)]


def test_a_mapping_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: {b: 1}")
    assert read(tmp_path / "a.yaml") == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "no such file"),
        (b"", "expected a mapping"),
        (b"- a", "expected a mapping"),
        (b"a: [", "not valid YAML"),
        (b"\xff\xfe\x00", "can't be read as text"),
    ],
)
def test_anything_else_is_one_line_that_says_what_to_do(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "a.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WeldspotError, match=told) as caught:
        read(path)
    assert "weldspot compose" in str(caught.value)
    assert "\n" not in str(caught.value)
