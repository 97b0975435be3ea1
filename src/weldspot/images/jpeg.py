"""JPEG files looked into (ISO/IEC 10918-1, annex B): their segments, the bare picture, and whether it is whole."""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

import simplejpeg

_EOI, _SOS, _APP0, _APP14, _APP15, _COM = 0xD9, 0xDA, 0xE0, 0xEE, 0xEF, 0xFE
_START_OF_SCAN = bytes((0xFF, _SOS))  # inside a scan 0xff is always followed by 0x00 or a restart marker
_PLAIN_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended and progressive, all Huffman coded
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_DAMAGE = re.compile("premature end|bad huffman|bad arithmetic|found marker", re.IGNORECASE)  # libjpeg's jerror.h
_BLOCK_BITS = 64 * 8  # pixels of a block, which takes a bit at least, for a byte
_END = bytes((0xFF, _EOI))
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # stuffed bytes and restart markers belong to the scan
_FILL = re.compile(rb"\xff+")
_ANY_MARKER = re.compile(rb"\xff[^\x00\xff]")
_ALONE = (0x01, *range(0xD0, 0xDA))  # markers without a length: TEM, the restarts, SOI and EOI
_NOT_PASSED = (*_ALONE, 0xC8, *range(0xF0, 0xFE))  # and those behind which Pillow reads on at the next byte
# What decoders do byte by byte, segment by segment and scan by scan has a bound: cameras write some dozens of
# segments, a colour profile is 255 at most, and no encoder makes more than about twenty scans.
_MOST_SEGMENTS, _MOST_HEAD, _MOST_STRAY = 1000, 16 << 20, 1 << 16
_MOST_SCANS, _MOST_SCANNED = 1000, 1_000_000_000  # scans, and pixels in all of them together


class Segment(NamedTuple):
    """data[start:end]: 0xff, the marker, a length, and `length` - 2 more bytes; of a scan (SOS) its coded data too.

    Nothing is checked: a `length` of 0 stands for one that is cut off, and `end` may lie behind the data's.
    """

    marker: int
    start: int
    length: int
    end: int


def segments(data: bytes, fill_bytes: bool = True) -> Iterator[Segment]:
    """The segments behind the first marker, until something else than a marker comes.

    A marker that is cut off is taken for the end of the image. With `fill_bytes`, more bytes 0xff may stand before a
    marker; without, two of them are a marker 0xff.
    """
    position = 2
    while data[position : position + 1] == b"\xff":
        if fill_bytes and (filled := _FILL.match(data, position)):
            position = filled.end() - 1
        marker = data[position + 1] if position + 1 < len(data) else _EOI
        # of a marker alone nothing may be taken for a length: what it says would hide what follows
        length = 0 if marker in _ALONE else _length(data, position + 2)
        end = position + 2 + length
        if marker == _SOS:
            following = _NEXT_MARKER.search(data, end)
            end = following.start() if following else max(end, len(data))
        yield Segment(marker, position, length, end)
        position = end


def count_scans(data: bytes) -> int:
    """How many scans a JPEG has; those of a thumbnail among its metadata do not count."""
    behind = 2
    for segment in segments(data, fill_bytes=False):
        if segment.marker == _SOS:
            break
        behind = segment.end
    return data.count(_START_OF_SCAN, behind)


def excess(data: bytes) -> str:
    """What is so much before the picture that decoders would need minutes to pass it, "" in a photograph."""
    position, stray = 2, 0
    for _ in range(_MOST_SEGMENTS):
        found = _ANY_MARKER.search(data, position, _MOST_HEAD + _MOST_STRAY)
        if found is None:
            return f"more than {_MOST_HEAD} bytes before its picture" if len(data) > _MOST_HEAD else ""
        stray += found.start() - position
        if stray > _MOST_STRAY:
            return f"{stray} bytes before its picture that say nothing"
        marker = data[found.start() + 1]
        if marker == _SOS:
            return ""
        position = found.end() + (0 if marker in _NOT_PASSED else _length(data, found.end()))
        if position > _MOST_HEAD:
            return f"more than {_MOST_HEAD} bytes before its picture"
    return f"more than {_MOST_SEGMENTS} segments before its picture"


def too_many_scans(data: bytes, pixels: int) -> str:
    """Why so many scans are not decoded, each of which is a pass over all pixels; "" where it may be."""
    scans = count_scans(data)
    if scans > _MOST_SCANS or (scans > 1 and scans * pixels > _MOST_SCANNED):
        return f"{scans} scans of {pixels} pixels"
    return ""


def bare(data: bytes) -> bytes | None:
    """The same compressed picture without EXIF, GPS, profiles, comments, thumbnails and what follows the end.

    None when the file is not a plain 8-bit Huffman-coded JPEG. JFIF and Adobe segments stay: they say how to decode.
    """
    if not data.startswith(b"\xff\xd8"):
        return None
    parts, plain, end = [b"\xff\xd8"], False, 2
    for segment in segments(data):
        if segment.marker == _EOI:
            end = len(data)
            break
        if segment.length < 2 or segment.end > len(data) or segment.marker in _OTHER_FRAMES:
            return None
        if len(parts) > 2 * _MOST_SEGMENTS:  # also those between scans
            return None
        if segment.marker in _PLAIN_FRAMES:
            if data[segment.start + 4 : segment.start + 5] != b"\x08":  # bits of a sample
                return None
            plain = True
        parts.append(_kept(segment.marker, data[segment.start : segment.end]))
        end = segment.end
    # no end marker: Pillow has judged whether the picture is whole
    return b"".join(parts) + b"\xff\xd9" if plain and end == len(data) else None


def is_possible(data: bytes, pixels: int) -> bool:
    """Whether so many pixels can be in so few bytes: each block of 8 × 8 takes a bit of them at least.

    Told from the sizes alone, so that a few kilobytes that claim to be a hundred million pixels cost nothing.
    """
    return len(data) * _BLOCK_BITS >= pixels


def damage(data: bytes) -> str:
    """What libjpeg says is missing or wrong in a picture that other decoders fill with grey, "" when it is whole.

    It is read to its end, at an eighth of its sides. A file without an end marker may be whole.
    """
    try:
        simplejpeg.decode_jpeg(data + _END, min_height=1, min_width=1, min_factor=8, strict=True)
    except ValueError as error:  # also for what it does not read, such as CMYK: that is for others to judge
        return " ".join(str(error).split()) if _DAMAGE.search(str(error)) else ""
    return ""


def _length(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", data, at)[0]) if at + 2 <= len(data) else 0


def _kept(marker: int, segment: bytes) -> bytes:
    if marker == _APP0:
        # the 14 bytes of JFIF, with its thumbnail's size set to nothing
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0" if segment[4:9] == b"JFIF\0" and len(segment) > 17 else b""
    if marker == _APP14:
        return segment if segment[4:9] == b"Adobe" else b""
    if marker == _COM or _APP0 <= marker <= _APP15:
        return b""
    return segment
