"""JPEG files taken apart: what is kept, what is dropped, and how many scans there are."""

import io
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from weldspot.images import jpeg

SCAN = b"\xff\xda"
ALONE = [bytes([marker]) for marker in (0x01, *range(0xD0, 0xDA))]


def encoded(progressive: bool = False, **options: object) -> bytes:
    stream = io.BytesIO()
    picture = np.random.default_rng(0).integers(0, 256, (40, 56, 3), np.uint8)
    Image.fromarray(picture).save(stream, "JPEG", progressive=progressive, **options)
    return stream.getvalue()


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def with_thumbnail(progressive: bool) -> bytes:
    """As a camera writes it: a whole JPEG lies among the metadata."""
    return encoded(progressive, exif=b"Exif\0\0" + encoded())


@pytest.mark.parametrize("progressive", [False, True])
def test_segments_follow_each_other_from_the_first_marker_to_the_last(progressive: bool) -> None:
    data = with_thumbnail(progressive)
    found = list(jpeg.segments(data))
    assert found[0].start == 2
    assert all(one.end == other.start for one, other in pairwise(found))
    assert found[-1].marker == 0xD9
    assert all(data[s.start : s.start + 2] == bytes((0xFF, s.marker)) for s in found)


def test_fill_bytes_before_a_marker_are_no_segment() -> None:
    data = encoded()
    filled = data[:2] + b"\xff\xff\xff" + data[2:]
    assert [s.marker for s in jpeg.segments(filled)] == [s.marker for s in jpeg.segments(data)]
    assert jpeg.bare(filled) == jpeg.bare(data)


@pytest.mark.parametrize("progressive", [False, True])
def test_the_bare_picture_is_the_picture_without_anything_else(progressive: bool) -> None:
    marked = encoded(progressive, exif=b"Exif\0\0" + encoded(), comment=b"a comment", icc_profile=b"profile" * 20)
    bare = jpeg.bare(marked + b"what follows")
    assert bare is not None
    assert not any(word in bare for word in (b"Exif", b"a comment", b"profile", b"what follows"))
    assert np.array_equal(decoded(bare), decoded(marked))
    assert jpeg.bare(bare) == bare
    assert jpeg.bare(marked[:-2]) == bare, "an end that is missing is put there"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"no JPEG", b"\xff\xd8 noise", b"\xff\xd8\xff\xc0\x00\x02",
        encoded().replace(b"\xff\xc0", b"\xff\xc9"), encoded()[:300],
    ],
)  # fmt: skip
def test_what_is_no_plain_jpeg_has_no_bare_picture(data: bytes) -> None:
    assert jpeg.bare(data) is None


def test_scans_are_counted_without_those_of_a_thumbnail() -> None:
    assert with_thumbnail(progressive=False).count(SCAN) == 2
    assert jpeg.count_scans(with_thumbnail(progressive=False)) == 1
    assert jpeg.count_scans(with_thumbnail(progressive=True)) == jpeg.count_scans(encoded(progressive=True)) > 5


@pytest.mark.parametrize("alone", [b"\xff\xd0", b"\xff\x01"])
def test_a_marker_without_a_length_hides_no_scans(alone: bytes) -> None:
    """What follows it is no length: decoders go on at the next marker, and so does whoever counts."""
    data = encoded(progressive=True)
    hidden = data[:2] + alone + data[2:]
    assert jpeg.damage(hidden) == ""
    assert jpeg.count_scans(hidden) == jpeg.count_scans(data) > 5


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content


@pytest.mark.parametrize(
    ("flood", "reason"),
    [
        (b"\xff" * 100_000, "that say nothing"),
        (bytes(100_000), "that say nothing"),
        (segment(0xE5, b"") * 2000, "segments before its picture"),
        (b"\xff\xd0" * 2000, "segments before its picture"),
        (segment(0xE1, b"Exif\0\0" + bytes(60_000)) * 300, "bytes before its picture"),
        (bytes(20_000_000), "bytes before its picture"),
        ((b"\xff\xf0\xff\xf0" + bytes(65_000)) * 3, "that say nothing"),
    ],
    ids=["fill", "zeros", "segments", "markers", "metadata", "more", "no length"],
)
def test_what_decoders_would_need_minutes_for_is_told_before(flood: bytes, reason: str) -> None:
    data = with_thumbnail(progressive=True)
    assert jpeg.excess(data) == jpeg.excess(data[:2] + b"\xff\xff" + data[2:] + flood) == ""
    assert reason in jpeg.excess(data[:2] + flood + data[2:])


def test_segments_between_scans_have_a_bound_too() -> None:
    data = encoded(progressive=True)
    last = data.rindex(SCAN)
    assert jpeg.bare(data[:last] + segment(0xFE, b"") * 10 + data[last:]) is not None
    assert jpeg.bare(data[:last] + segment(0xFE, b"") * 5000 + data[last:]) is None


def test_scans_have_a_bound_and_so_have_pixels_in_all_of_them() -> None:
    data = encoded(progressive=True)
    last = data.rindex(SCAN)
    assert jpeg.too_many_scans(data, 40_000_000) == jpeg.too_many_scans(encoded(), 10**9) == ""
    assert "scans of 2240 pixels" in jpeg.too_many_scans(data[:last] + data[last:-2] * 1000 + data[-2:], 2240)
    assert "scans of 40000000 pixels" in jpeg.too_many_scans(data[:last] + data[last:-2] * 40 + data[-2:], 40_000_000)


def as_the_server_counted(data: bytes) -> int:
    position = 2
    while data[position : position + 1] == b"\xff" and data[position : position + 2] != SCAN:
        alone = data[position + 1 : position + 2] in ALONE
        position += 2 + (0 if alone else int.from_bytes(data[position + 2 : position + 4]))
    return data.count(SCAN, position)


BYTES = st.sampled_from([0x00, 0x01, 0x02, 0x08, 0xC0, 0xC9, 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xEE, 0xFE, 0xFF])


@given(st.lists(BYTES, max_size=60).map(bytes))
@example(b"\xff\xff\xe1\x00\x10" + SCAN)
@example(b"\xff")
def test_whatever_the_bytes_are_the_walk_ends_and_counts_as_the_server_did(tail: bytes) -> None:
    data = b"\xff\xd8" + tail
    assert jpeg.count_scans(data) == as_the_server_counted(data)
    bare = jpeg.bare(data)
    assert bare is None or (bare.startswith(b"\xff\xd8") and bare.endswith(b"\xff\xd9"))


@pytest.mark.parametrize("progressive", [False, True])
def test_damage_is_what_libjpeg_says_of_it(progressive: bool) -> None:
    whole = encoded(progressive)
    assert jpeg.damage(whole) == jpeg.damage(whole[:-2]) == jpeg.damage(whole + bytes(500)) == ""
    assert "premature end" in jpeg.damage(whole[: len(whole) // 2] + b"\xff\xd9")
    grey, stream = Image.open(io.BytesIO(whole)).convert("CMYK"), io.BytesIO()
    grey.save(stream, "JPEG")
    assert jpeg.damage(stream.getvalue()) == jpeg.damage(b"no picture at all") == ""  # for others to judge


@pytest.mark.parametrize("progressive", [False, True])
def test_the_emptiest_picture_there_is_has_bytes_enough(progressive: bool) -> None:
    stream = io.BytesIO()
    Image.new("L", (4000, 3000)).save(stream, "JPEG", progressive=progressive, optimize=True)
    assert jpeg.is_possible(stream.getvalue(), 4000 * 3000)
    assert not jpeg.is_possible(stream.getvalue()[:4000], 96_000_000)
