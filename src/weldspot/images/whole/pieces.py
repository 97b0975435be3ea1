"""Is a picture's file in so many pieces, or of so long lists, that its decoder would take minutes or gigabytes?"""

import struct

_RAW = (1, 2, 6, 7)  # TIFF's types of which a list is read as it is: bytes and text
_MOST_VALUES = 1_000_000  # of any other list: an entry for each strip or tile, of which a large picture has 250,000
_MOST_ENTRIES, _MOST_CHUNKS = 65_535, 10_000


def tiff(data: bytes) -> str:
    """What its first directory lists without measure, "" where it is little (TIFF 6.0; BigTIFF, which says 43)."""
    order, big = "<" if data.startswith(b"II") else ">", 43 in data[2:4]
    entry = struct.Struct(f"{order}HHQQ" if big else f"{order}HHII")
    try:
        (at,) = struct.unpack_from(f"{order}Q" if big else f"{order}I", data, 8 if big else 4)
        (count,) = struct.unpack_from(f"{order}Q" if big else f"{order}H", data, at)
        at += 8 if big else 2
        if count > _MOST_ENTRIES:
            return f"a directory of {count} entries"
        for number in range(count):
            tag, kind, values, _ = entry.unpack_from(data, at + number * entry.size)
            if kind not in _RAW and values > _MOST_VALUES:
                return f"{values} values in its tag {tag}"
    except (struct.error, OverflowError):  # cut off: for its decoder to say
        pass
    return ""


def webp(data: bytes) -> str:
    """Whether it has more chunks than any animation, "" where it has not (RFC 9649)."""
    at = 12
    for _ in range(_MOST_CHUNKS):
        if at + 8 > len(data):
            return ""
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return f"more than {_MOST_CHUNKS} chunks"
