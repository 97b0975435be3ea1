"""What is compressed is known by its first bytes, and checked to its end."""

import bz2
import gzip
import io
import lzma

import pytest

from weldspot.sources.packed.compression import decompressed

TEXT = b"weld" * 5000


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("size", [1, 3, 6, 7, 1 << 20])
def test_a_stream_is_read_as_it_was(pack, size):
    stream = decompressed(io.BytesIO(pack(TEXT)))
    found = b""
    while block := stream.read(size if len(found) < 60 else 1 << 20):
        found += block
    assert found == TEXT
    assert decompressed(io.BytesIO(pack(TEXT))).read() == TEXT


def test_a_wrong_checksum_is_an_error():
    data = bytearray(gzip.compress(TEXT))
    data[-6] ^= 1
    with pytest.raises(OSError, match="CRC"):
        decompressed(io.BytesIO(bytes(data))).read()


@pytest.mark.parametrize("data", [b"", b"a", b"\x1f"])
def test_short_streams_are_what_they_are(data):
    assert decompressed(io.BytesIO(data)).read() == data
