"""TensorFlow's label maps."""

import exports
import pytest

from weldspot.sources.archive import Archive
from weldspot.sources.layouts.shards.label_map import BadMap, label_map


def read(tmp_path, **files: str) -> dict[int, str]:
    named = {f"{name}.pbtxt": text.encode("utf-16") for name, text in files.items()}
    (tmp_path / "in.zip").write_bytes(exports.zipped(named))
    with Archive(tmp_path / "in.zip") as archive:
        return label_map(archive)


def test_items_in_any_spelling(tmp_path):
    text = """# ours
    item {\r\n  id: 1\r\n  name: 'not fused'\r\n}
    item: { name: "it's", id: 2 }
    item { name: '/m/01g317' id: 3 display_name: "pore" }
    item { display_name: "under\\"cut" id: 4 }"""
    assert read(tmp_path, a=text) == {1: "not fused", 2: "it's", 3: "pore", 4: 'under"cut'}
    assert read(tmp_path) == {}


@pytest.mark.parametrize(
    "text", ["", "item { id: 1 }", "item { name: 'a' }", "item { id: 1 name: 'a' } item { id: 1 name: 'b' }"]
)
def test_a_map_that_names_nothing_is_an_error(tmp_path, text):
    with pytest.raises(BadMap, match=r"a\.pbtxt"):
        read(tmp_path, a=text)


def test_two_that_differ_are_an_error(tmp_path):
    one = "item { id: 1 name: 'a' }"
    assert read(tmp_path, a=one, b=one) == {1: "a"}
    with pytest.raises(BadMap, match=r"a\.pbtxt and b\.pbtxt name other classes"):
        read(tmp_path, a=one, b=one.replace("1", "2"))


@pytest.mark.parametrize(
    "text",
    ["item" + " " * 200_000, "item {" * 60_000, "item { id: " + "9" * 5000 + " name: 'a' }"],
    ids=["spaces", "no end", "digits"],
)
def test_a_map_that_is_none_is_told_at_once(tmp_path, text):
    with pytest.raises(BadMap, match="item"):
        read(tmp_path, a=text)
