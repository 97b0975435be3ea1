"""Contracts are read leniently and written exactly."""

import json
from pathlib import Path

import pytest

from weldspot.contracts.base import Contract
from weldspot.runtime.errors import WeldspotError


class Inner(Contract):
    """A part."""

    count: int


class Outer(Contract):
    """A whole."""

    inner: Inner
    note: str | None = None


def test_what_is_written_is_read_again_in_the_same_order(tmp_path: Path) -> None:
    value = Outer(inner=Inner(count=1))
    assert value.json_bytes() == b'{\n  "inner": {\n    "count": 1\n  }\n}\n', "what was never said is left out"
    (tmp_path / "file").write_bytes(value.json_bytes())
    assert Outer.read(tmp_path / "file") == value
    assert json.loads(Outer(inner=Inner(count=1), note=None).json_bytes())["note"] is None, "what was said stays"


def test_what_a_newer_version_adds_is_passed_over() -> None:
    assert Outer.parse('{"inner": {"count": 1, "more": 2}, "more": 3}', "here") == Outer(inner=Inner(count=1))


@pytest.mark.parametrize(
    ("text", "named"),
    [('{"inner": {"count": "many"}}', "inner.count"), ("{}", "inner"), ("[]", "the whole"), ("{", "the whole")],
)
def test_what_does_not_fit_names_the_file_and_the_key(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)
    for read in (Outer.read, Outer.found):  # damaged is not "none"
        with pytest.raises(WeldspotError, match=rf"^{path}: damaged \({named}: [^\n]+$"):
            read(path)


def test_none_there_is_none_found_but_an_error_when_it_is_read(tmp_path: Path) -> None:
    assert Outer.found(tmp_path / "nowhere.json") is None
    with pytest.raises(FileNotFoundError):
        Outer.read(tmp_path / "nowhere.json")
