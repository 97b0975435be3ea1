"""Small files that cost a careless reader hours or all memory end in a line, or are read; bounds are small here too.

benchmarks/hostile.py has them whole, and measures.
"""

import re

import mutated
import pytest
from bombs import BOMBS

from weldspot.sources import archive
from weldspot.sources.layouts import lines
from weldspot.sources.layouts.json_files import stream
from weldspot.sources.layouts.xml_files import paced
from weldspot.sources.packed import example, zips

# the share of its size, and what becomes of it
CAUGHT = {
    "yaml_aliases": (1.0, "more than 50000 values"),
    "yaml_dates": (1.0, "data.yaml can't be read"),
    "yaml_keys": (1.0, "more than 50000 values"),
    "yaml_nested": (0.1, "nested more than 40 times"),
    "yaml_numbers": (0.5, "more than 65536 letters"),
    "yaml_class_number": (1.0, "data.yaml can't be read"),
    "yaml_hexadecimal": (1.0, "a number of more than 100 digits"),
    "yaml_tags": (0.01, "more than 100 %TAG"),
    "readme_of_blank_lines": (0.1, "read: voc"),
    "licence_of_spaces": (0.1, "read: voc"),
    "card_of_blank_lines": (0.1, "nothing names them"),
    "card_of_aliases": (1.0, "nothing names them"),
    "rows_of_csv": (0.001, "more than 1130 lines"),
    "names_of_csv": (0.02, "more than 1130 lines"),
    "empty_rows_of_csv": (0.001, "more than 1130 lines"),
    "one_line_of_csv": (0.002, "more than 262144 letters"),
    "columns_of_csv": (0.02, "more than 262144 letters|none of the 13 layouts"),
    "rows_of_json_lines": (0.001, "more than 1130 lines"),
    "rows_of_parquet": (0.001, "60000 rows, more than 1130"),
    "page_of_parquet": (0.01, "10000 rows, more than 1130"),
    "elements_of_coco": (0.001, "more than 1130 elements"),
    "lists_in_json": (0.03, "more than 100000 values"),
    "nested_json": (0.001, "nested too deeply"),
    "nested_xml": (0.001, "nested more than 20 times"),
    "elements_of_xml": (0.001, "more than 1130 elements"),
    "images_of_xml": (0.001, "more than 1130 elements"),
    "attribute_of_xml": (0.005, "an element of more than 65536 bytes"),
    "elements_of_voc": (0.05, "read: voc"),
    "lines_of_yolo": (0.02, "read: yolo"),
    "members_over_each_other": (0.01, "would unpack to"),
    "deep_names": (0.05, "read: voc"),
    "many_names": (0.01, "read: voc"),
    "tar_of_zeros": (0.002, "holds more than 0.0 GB"),
    "tar_of_headers": (0.001, "a header of 2000000 bytes"),
    "numbers_of_tfrecord": (0.002, "damaged or cut off|no image"),
    "python_literal": (0.1, "none of the 13 layouts"),
}


@pytest.fixture
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "_SLACK", 4 << 20)
    monkeypatch.setattr(archive, "_SAID", 1000)
    monkeypatch.setattr(archive, "_SAID_OF_EACH", 10)
    monkeypatch.setattr(lines, "_LONGEST", 1 << 18)
    monkeypatch.setattr(stream, "_MOST_VALUES", 100_000)
    monkeypatch.setattr(paced, "_LONGEST", 1 << 16)
    monkeypatch.setattr(example, "_MOST", 10_000)


def test_every_bomb_is_here() -> None:
    assert CAUGHT.keys() == BOMBS.keys()


@pytest.mark.usefixtures("small_bounds")
@pytest.mark.parametrize("name", CAUGHT)
def test_a_bomb_is_caught_by_its_bound(name: str) -> None:
    share, wanted = CAUGHT[name]
    assert re.search(wanted, mutated.read(BOMBS[name](share)))


@pytest.mark.parametrize("kind", [mutated.zips, mutated.notes])
def test_changed_bytes_end_in_a_line_or_are_read(kind) -> None:
    ends = [mutated.read(kind(f"tests {number}")).split(":")[0] for number in range(25)]
    assert set(ends) == {"read", "a line"}
