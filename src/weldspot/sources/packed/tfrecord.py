"""TFRecord files: framed records with checksums, each a tf.train.Example that has an image in it.

A record becomes the image, under the name that it gives, and beside it a `.tfexample`: what the record says of it, as
JSON. A record whose checksum is wrong becomes a `.tfexample` that says so.
"""

import json
import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO

import google_crc32c

from weldspot.sources.packed.compression import decompressed
from weldspot.sources.packed.example import Feature, parse
from weldspot.sources.packed.piece import Damaged, Piece
from weldspot.sources.record import is_image

NOTE = ".tfexample"
_NAME = re.compile(r"\.(tfrecords?|record)(\.gz)?($|-)|-\d{5}-of-\d{5}$", re.IGNORECASE)
_MAX_BYTES = 64 * 1024 * 1024  # of a record, its photograph among them
_LONGEST = 4096  # bytes of a value that may be a name: masks are longer
_KINDS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"GIF8": ".gif", b"RIFF": ".webp", b"BM": ".bmp"}


def is_tfrecord(name: str, head: bytes) -> bool:
    """Whether the name is that of one, and the first length has the right checksum, also within gzip."""
    if not _NAME.search(PurePosixPath(name).name):
        return False
    if head.startswith(b"\x1f\x8b"):
        return True
    return len(head) >= 12 and _masked(head[:8]) == struct.unpack_from("<I", head, 8)[0]


def shard(note: str) -> str:
    """The TFRecord that a `.tfexample` came from."""
    parts = PurePosixPath(note).parts[:-1]
    end = next((index for index, part in enumerate(parts, 1) if _NAME.search(part)), len(parts))
    return "/".join(parts[:end])


def pieces(stream: IO[bytes]) -> Iterator[Piece]:
    """Each record's image and what is said of it.

    Raises:
        Damaged: a length is damaged, so that nobody knows where the next record begins, or no record has an image.
    """
    taken: set[str] = set()
    features: list[str] = []
    number = -1
    for number, (record, damage) in enumerate(_records(decompressed(stream))):
        said = {} if damage else _parsed(record)
        image = _image(said)
        if not image:
            reason = damage or ("has no image/encoded" if said else "is no tf.train.Example")
            features = features or sorted(said)
            yield _note(f"{number:06d}", {"damaged": f"record {number} {reason}"})
            continue
        name = _named(said, number, image, taken)
        taken.add(name)
        yield Piece(name, BytesIO(image).read)
        yield _note(name, {key: _readable(values) for key, values in said.items() if values != [image]})
    if number >= 0 and not taken:
        has = f": its records have {', '.join(features[:8])}" if features else ""
        raise Damaged(f"no image (image/encoded) in any of its {number + 1} records{has}")


def _records(stream: IO[bytes]) -> Iterator[tuple[bytes, str]]:
    """Each record, and what is wrong with it."""
    count = 0
    try:
        while head := stream.read(12):
            length = int(struct.unpack_from("<Q", head.ljust(12, b"\0"))[0])
            if len(head) < 12 or struct.unpack_from("<I", head, 8)[0] != _masked(head[:8]) or length > _MAX_BYTES:
                raise Damaged(f"damaged or cut off after {count} records")
            data, crc = stream.read(length), stream.read(4)
            if len(data) < length or len(crc) < 4:
                raise Damaged(f"cut off in record {count}")
            yield data, "" if struct.unpack("<I", crc)[0] == _masked(data) else "is damaged (wrong CRC)"
            count += 1
    except (EOFError, zlib.error, OSError) as error:
        raise Damaged(f"damaged or cut off after {count} records") from error


def _masked(data: bytes) -> int:
    crc = int(google_crc32c.value(data))
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def _parsed(record: bytes) -> dict[str, Feature]:
    try:
        return parse(record)
    except ValueError:
        return {}


def _image(said: dict[str, Feature]) -> bytes:
    """image/encoded, or the one feature that begins as an image does."""
    known = said.get("image/encoded", [])
    found = [known] if known else [values for values in said.values() if len(values) == 1 and _kind(values[0])]
    only = found[0][0] if len(found) == 1 else b""
    return only if isinstance(only, bytes) else b""


def _kind(value: bytes | float | int) -> str:
    if not isinstance(value, bytes):
        return ""
    return next((ending for magic, ending in _KINDS.items() if value.startswith(magic)), "")


def _named(said: dict[str, Feature], number: int, image: bytes, taken: set[str]) -> str:
    given = next((said[key][0] for key in ("image/filename", "image/source_id") if said.get(key)), b"")
    text = given.decode("utf-8", "replace") if isinstance(given, bytes) else ""
    parts = re.split(r"[/\\]", re.sub(r"^[A-Za-z]:", "", text.strip()))  # folders tell the frames of two clips apart
    name = "/".join(part for part in (part.lstrip(".") for part in parts) if part) or f"{number:06d}"
    name = name if is_image(name) else name + (_kind(image) or ".jpg")
    return name if name not in taken else f"{number:06d}/{name}"


def _readable(values: Feature) -> list[str | float | int]:
    short = (value for value in values if not isinstance(value, bytes) or len(value) <= _LONGEST)
    return [value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in short]


def _note(name: str, said: dict[str, list[str | float | int] | str]) -> Piece:
    return Piece(name + NOTE, BytesIO(json.dumps(said, sort_keys=True).encode()).read)
