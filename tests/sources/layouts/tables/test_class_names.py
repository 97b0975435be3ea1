"""The names behind class numbers."""

import exports
import pytest

from weldspot.sources.archive import Archive
from weldspot.sources.layouts.tables import class_names

CARD = """---
license: mit
dataset_info:
  features:
  - name: other
    dtype: {class_label: {names: {'0': x, '1': y}}}
  - name: label
    dtype: {class_label: {names: {'0': crack, '1': pore}}}
---
"""


def archive(tmp_path, files: dict[str, bytes]) -> Archive:
    (tmp_path / "in.zip").write_bytes(exports.zipped(files))
    return Archive(tmp_path / "in.zip")


@pytest.mark.parametrize("column", ["label", "other"])
def test_the_card_names_the_classes_of_each_column(tmp_path, column):
    with archive(tmp_path, {"README.md": CARD.encode("utf-8-sig")}) as of:
        found = class_names.hugging_face(of, "metadata.csv", (column,))
    assert found.of == ({0: "crack", 1: "pore"} if column == "label" else {0: "x", 1: "y"})
    assert found.source == "README.md"


@pytest.mark.parametrize("card", ["", "# Welds", "---\n- [\n---\n", "---\nnames: x\n---\n", CARD.replace("label", "z")])
def test_a_card_that_does_not_tell_names_nothing(tmp_path, card):
    with archive(tmp_path, {"README.md": card.encode()}) as of:
        assert class_names.hugging_face(of, "metadata.csv", ("label",)).of == {}


def test_two_lists_that_differ_name_nothing(tmp_path):
    same = {"a/classes.txt": b"crack\npore\n", "b/classes.txt": b"crack\r\npore"}
    with archive(tmp_path, same) as of:
        assert class_names.listed(of).of == {0: "crack", 1: "pore"}
    with archive(tmp_path, same | {"labels.txt": b"pore\ncrack"}) as of:
        assert class_names.listed(of).of == {}


def test_a_number_without_a_name_says_so():
    names = class_names.ClassNames({0: "crack"}, "classes.txt")
    assert names.named("0.0") == "crack"
    assert names.named("3") == "class number 3 of the 1 in classes.txt"
