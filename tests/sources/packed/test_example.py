"""tf.train.Example, as TensorFlow writes it and as nobody should."""

import pytest
import table_writers as made
from hypothesis import given
from hypothesis import strategies as st

from weldspot.sources.packed.example import parse

FEATURES = {"a": [b"x", b""], "b": [1.5, -2.0], "c": [1, -1, 1 << 40], "d": []}


def test_every_kind_of_value():
    found = parse(made.example(FEATURES))
    assert found == FEATURES


def test_values_that_are_not_packed():
    floats = made.field(2, b"".join(made.varint(1 << 3 | 5) + value for value in (b"\0\0\x80?", b"\0\0\0@")))
    integers = made.field(3, b"".join(made.varint(1 << 3) + made.varint(value) for value in (7, 1 << 50)))
    entries = [
        made.field(1, made.field(1, key) + made.field(2, value)) for key, value in ((b"f", floats), (b"i", integers))
    ]
    assert parse(made.field(1, b"".join(entries))) == {"f": [1.0, 2.0], "i": [7, 1 << 50]}


@pytest.mark.parametrize("value", [made.varint(1 << 3) + made.varint(1 << 40), bytes([1 << 3 | 1]) + b"\xff" * 8])
def test_a_float_of_another_width_is_none(value):
    entry = made.field(1, made.field(1, b"f") + made.field(2, made.field(2, value)))
    with pytest.raises(ValueError, match="not floats"):
        parse(made.field(1, entry))


def test_tensorflow_writes_what_we_read():
    train = pytest.importorskip("tensorflow").train
    lists = {
        "a": train.Feature(bytes_list=train.BytesList(value=[b"x", b"yy"])),
        "b": train.Feature(float_list=train.FloatList(value=[0.5, 0.25])),
        "c": train.Feature(int64_list=train.Int64List(value=[3, -4])),
    }
    data = train.Example(features=train.Features(feature=lists)).SerializeToString()
    assert parse(data) == {"a": [b"x", b"yy"], "b": [0.5, 0.25], "c": [3, -4]}


@given(st.binary(max_size=200) | st.binary(max_size=40).map(lambda tail: made.example(FEATURES)[:-5] + tail))
def test_whatever_the_bytes_are_it_is_features_or_a_value_error(data):
    try:
        found = parse(data)
    except ValueError:
        return
    assert isinstance(found, dict)
