"""TFRecord files: framing, checksums, names, and what has no image."""

import gzip
import io
import json

import exports
import pytest
import table_writers as made
import writers

from weldspot.sources.packed.piece import Damaged
from weldspot.sources.packed.tfrecord import is_tfrecord, pieces

PHOTOS = writers.photos(5)
RECORDS = [made.record(name, boxes) for name, boxes in PHOTOS.items()]
WHOLE = made.framed(RECORDS)


def read(data: bytes) -> dict[str, bytes]:
    return {piece.name: piece.read(1 << 24) for piece in pieces(io.BytesIO(data))}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_image_and_what_is_said_of_it(pack):
    found = read(pack(WHOLE))
    assert len(found) == 10
    for name, boxes in PHOTOS.items():
        assert found[name] == writers.picture(name)
        said = json.loads(found[f"{name}.tfexample"])
        assert said["image/object/class/text"] == [box[0] for box in boxes]
        assert "image/encoded" not in said


@pytest.mark.parametrize(
    "name",
    ["a.tfrecord", "A.TFRecords", "a.record", "train-00000-of-00010", "a.tfrecord-00001-of-00002", "a.tfrecord.gz"],
)
def test_it_is_known_by_its_name_and_the_first_checksum(name):
    data = gzip.compress(WHOLE) if name.endswith("gz") else WHOLE
    assert is_tfrecord(f"x/{name}", data[:12])
    assert not is_tfrecord(f"x/{name}", b"?" * 12)
    assert not is_tfrecord("a.jpg", WHOLE[:12])


def test_one_that_is_cut_off_is_damaged():
    ends = {len(made.framed(RECORDS[:count])) for count in range(6)}
    for length in range(1, len(WHOLE), 97):
        if length not in ends:
            with pytest.raises(Damaged, match="cut off"):
                read(WHOLE[:length])


def test_a_damaged_length_is_the_end_and_a_damaged_record_is_not():
    second = len(made.framed(RECORDS[:1]))
    data = bytearray(WHOLE)
    data[second] ^= 1
    with pytest.raises(Damaged, match="damaged or cut off after 1 records"):
        read(bytes(data))
    data = bytearray(WHOLE)
    data[second + 200] ^= 1
    assert json.loads(read(bytes(data))["000001.tfexample"]) == {"damaged": "record 1 is damaged (wrong CRC)"}


@pytest.mark.parametrize(
    ("features", "words"),
    [
        ({"caption": [b"x"], "image/height": [3]}, "any of its 2 records: its records have caption, image/height"),
        ({}, "no image .image/encoded. in any of its 2 records"),
        ({"a": [b"\xff\xd8\xffx"], "b": [b"\x89PNGx"]}, "no image"),
    ],
)  # fmt: skip
def test_records_without_an_image_say_what_they_have(features, words):
    with pytest.raises(Damaged, match=words):
        read(made.framed([made.example(features)] * 2))


def test_an_image_of_another_name_is_one_where_it_is_alone():
    photo = exports.jpeg(exports.scene(1))
    assert read(made.framed([made.example({"picture": [photo], "label": [1]})]))["000000.jpg"] == photo


def test_names_are_cleaned_and_stand_once():
    photo = exports.jpeg(exports.scene(1))
    given = [b"C:\\x\\a.jpg", b"../../a.jpg", b"", b".hidden", b"weld 1", b"./a.jpg"]
    records = [made.example({"image/encoded": [photo], "image/filename": [name]}) for name in given]
    names = [name for name in read(made.framed(records)) if not name.endswith(".tfexample")]
    assert names == ["x/a.jpg", "a.jpg", "000002.jpg", "hidden.jpg", "weld 1.jpg", "000005/a.jpg"]
