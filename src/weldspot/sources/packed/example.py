"""tf.train.Example without TensorFlow: protocol buffers' wire format, as far as this one message needs it.

Example { Features features = 1; }  Features { map<string, Feature> feature = 1; }
Feature { BytesList = 1 | FloatList = 2 | Int64List = 3; }, each with its `value`s as field 1, packed or not.
"""

import struct
from collections.abc import Iterator

Feature = list[bytes | float | int]
_MOST = 1_000_000  # numbers in a feature
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5


def parse(record: bytes) -> dict[str, Feature]:
    """The features by name.

    Raises:
        ValueError: it is no such message.
    """
    found: dict[str, Feature] = {}
    for features in _messages(record, 1):
        for entry in _messages(features, 1):
            fields = dict(_fields(entry))
            key, value = fields.get(1, b""), fields.get(2, b"")
            if not isinstance(key, bytes) or not isinstance(value, bytes):
                raise ValueError("not a feature")
            found[key.decode()] = _feature(value)
    return found


def _feature(data: bytes) -> Feature:
    values: Feature = []
    for number, held in _fields(data):
        if not isinstance(held, bytes):
            raise ValueError("not a list of values")
        for inner, value in _fields(held):
            if inner == 1:
                if (number != 1 and isinstance(value, bytes) and len(value) > 8 * _MOST) or len(values) > _MOST:
                    raise ValueError(f"more than {_MOST} numbers")
                values += _values(number, value)
    return values


def _values(kind: int, value: bytes | int) -> Feature:
    """Of a field of a bytes (1), float (2) or int64 (3) list: one value, or packed ones."""
    if kind == 1 and isinstance(value, bytes):
        return [value]
    if kind == 2:
        packed = value if isinstance(value, bytes) else value.to_bytes(8, "little").removesuffix(bytes(4))
        if len(packed) % 4 or (isinstance(value, int) and len(packed) > 4):
            raise ValueError("not floats")
        return list(struct.unpack(f"<{len(packed) // 4}f", packed))
    if kind == 3:
        return [_signed(number) for number in (_varints(value) if isinstance(value, bytes) else [value])]
    raise ValueError("no kind of value")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _messages(data: bytes, wanted: int) -> Iterator[bytes]:
    for number, value in _fields(data):
        if number == wanted and isinstance(value, bytes):
            yield value


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Each field's number with its value: bytes, or the unsigned number behind it."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        length = {_EIGHT: 8, _FOUR: 4}.get(kind, -1)
        if kind == _BYTES:
            length, at = _varint(data, at)
        if length < 0 or at + length > len(data):
            raise ValueError("cut off, or no protocol buffer")
        piece = data[at : at + length]
        at += length
        yield key >> 3, piece if kind == _BYTES else int.from_bytes(piece, "little")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value & (1 << 64) - 1, at
    raise ValueError("cut off, or no protocol buffer")
