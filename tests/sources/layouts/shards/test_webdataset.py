"""Samples in a tar: an image, and what is said of it beside it."""

import json

import exports
import pytest
import table_writers as made

from weldspot.runtime.errors import WeldspotError
from weldspot.sources.record import Record


def shards(kind: str, text: str, more: dict[str, bytes] | None = None) -> dict[str, bytes]:
    files = {}
    for shard in range(2):
        inner = {f"{index:03d}.jpg": b"x" for index in range(6)}
        inner |= {f"{index:03d}{kind}": text.format(index=index).encode() for index in range(6)}
        files[f"train-{shard:04d}.tar"] = made.tar(inner | (more or {}))
    return files


def shown(tmp_path, files: dict[str, bytes]) -> set[tuple[str, ...]]:
    layout, items = exports.read(tmp_path / "in.zip", files)
    assert layout == "webdataset"
    assert len(items) == 12
    return {item.labels for item in items if isinstance(item, Record)}


@pytest.mark.parametrize(
    ("kind", "text", "labels"),
    [
        (".cls", "crack\r\n", ("crack",)), (".cls", "crack;pore", ("crack", "pore")), (".CLS", "crack", ("crack",)),
        (".txt", "not fused", ("not fused",)), (".json", '{{"label": "crack", "fps": 3}}', ("crack",)),
        (".json", '{{"class_name": ["crack", "pore"], "class": [0, 1]}}', ("crack", "pore")),
    ],
)  # fmt: skip
def test_a_class_beside_the_image(tmp_path, kind, text, labels):
    assert shown(tmp_path, shards(kind, text)) == {labels}


def test_a_caption_yields_to_a_class(tmp_path):
    assert shown(tmp_path, shards(".cls", "crack", {f"{i:03d}.txt": b"a weld" for i in range(6)})) == {("crack",)}


def test_numbers_want_names(tmp_path):
    with pytest.raises(WeldspotError, match=r"000\.jpg: its class is a number; add a classes\.txt with a class a line"):
        exports.read(tmp_path / "in.zip", shards(".cls", "1"))
    files = shards(".cls", "1") | {"classes.txt": b"crack\npore\n"}
    assert shown(tmp_path, files) == {("pore",)}


def test_two_files_that_disagree_leave_the_image_out(tmp_path):
    files = shards(".cls", "crack", {f"{i:03d}.json": b'{"label": "Crack"}' for i in range(6)})
    assert shown(tmp_path, files) == {("crack",)}
    files["train-0000.tar"] = made.tar({"0.jpg": b"x", "0.cls": b"crack", "0.json": b'{"label": "pore"}'})
    assert exports.rejected(tmp_path / "in.zip", files) == {
        "train-0000.tar/0.jpg": "train-0000.tar/0.cls and train-0000.tar/0.json say different things of it; keep one"
    }


def test_a_sample_that_can_not_be_read_or_has_no_image_is_told(tmp_path):
    files = shards(".cls", "crack")
    files["bad.tar"] = made.tar(
        {"a.jpg": b"x", "a.json": b"{", "lost.cls": b"crack", "lost2.json": b'{"label": "x"}', "b.json": b"{}"}
    )
    rejected = exports.rejected(tmp_path / "in.zip", files)
    assert set(rejected) == {"bad.tar/a.jpg", "bad.tar/lost.cls", "bad.tar/lost2.json"}
    assert "a.json can't be read" in rejected["bad.tar/a.jpg"]


def test_captions_are_no_classes_and_shards_no_class_folders(tmp_path):
    files = shards(".txt", "a photograph of a weld that was taken in a hall with bad light, number {index}")
    with pytest.raises(WeldspotError, match="none of the"):
        exports.read(tmp_path / "in.zip", files)
    files = shards(".json", json.dumps({"caption": "x"}).replace("{", "{{").replace("}", "}}"))
    with pytest.raises(WeldspotError, match="none of the"):
        exports.read(tmp_path / "in.zip", files)
