"""A YAML file of keys is read, or one line says what to do."""

from pathlib import Path

import pytest
from omegaconf import OmegaConf

from weldspot.config.yaml_mapping import flatten, parsed, read
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


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-5", 1e-5), ("5e3", 5000.0), ("1.0e-05", 1e-5), ("e5", "e5"), ("1e", "1e"),
     ("2024-01-01", "2024-01-01"), ("12", 12), ("true", True), ("[&a 1, *a]", [1, 1])],
)  # fmt: skip
def test_values_are_those_that_hydra_reads(text: str, value: object) -> None:
    found = parsed(f"a: {text}")
    assert found == {"a": value} == OmegaConf.to_container(OmegaConf.create(f"a: {text}"))
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


@pytest.mark.parametrize(
    "text", ["a: !!int x", "a: 1\na: 2", "a: &x [*x]", "a: &x {b: *x}", "- " * 20_000, f"a: {'9' * 5000}", "a: \0"]
)
def test_whatever_pyyaml_fails_on_is_no_yaml(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(WeldspotError, match="not valid YAML") as caught:
        read(tmp_path / "a.yaml")
    assert "\n" not in str(caught.value)
