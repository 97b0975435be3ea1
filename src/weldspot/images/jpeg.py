"""JPEG files taken apart without decoding: everything but the picture is dropped, losslessly."""

import re
import struct

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP14, _COM = 0xE0, 0xEE, 0xFE
_PLAIN_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended and progressive, all Huffman coded
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # stuffed bytes and restart markers belong to the scan


def bare(data: bytes) -> bytes | None:
    """The same compressed picture without EXIF, GPS, profiles, comments, thumbnails and what follows the end.

    None when the file is not a plain 8-bit Huffman-coded JPEG. JFIF and Adobe segments stay: they say how to decode.
    """
    if not data.startswith(b"\xff\xd8"):
        return None
    parts, position, plain = [b"\xff\xd8"], 2, False
    while True:
        start = data.find(b"\xff", position)
        if start != position:
            return None
        while data[start + 1 : start + 2] == b"\xff":  # fill bytes
            start += 1
        marker = data[start + 1] if start + 1 < len(data) else _EOI
        if marker == _EOI:
            return b"".join(parts) + b"\xff\xd9" if plain else None
        end = start + 2 + _length(data, start + 2)
        if end <= start + 3 or end > len(data) or marker in _OTHER_FRAMES:
            return None
        if marker in _PLAIN_FRAMES:
            if data[start + 4] != 8:
                return None
            plain = True
        if marker == _SOS:
            end = _scan_end(data, end)
        parts.append(_kept(marker, data[start:end]))
        position = end
        if position >= len(data):  # no end marker: Pillow has judged whether the picture is whole
            return b"".join(parts) + b"\xff\xd9" if plain else None


def _length(data: bytes, at: int) -> int:
    return struct.unpack_from(">H", data, at)[0] if at + 2 <= len(data) else 0


def _scan_end(data: bytes, start: int) -> int:
    following = _NEXT_MARKER.search(data, start)
    return following.start() if following else len(data)


def _kept(marker: int, segment: bytes) -> bytes:
    if marker == _APP0:
        # the 14 bytes of JFIF, with its thumbnail's size set to nothing
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0" if segment[4:9] == b"JFIF\0" and len(segment) > 17 else b""
    if marker == _APP14:
        return segment if segment[4:9] == b"Adobe" else b""
    if marker == _COM or _APP0 <= marker <= 0xEF:
        return b""
    return segment
