"""The canonical form: what is kept as it is, what is encoded anew and why, and what can't be used."""

import io
import struct
from contextlib import suppress

import cv2
import numpy as np
import pi_heif
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, TiffImagePlugin

from weldspot.images import codec, colour

PIXELS, SIDE = 10**6, 16

pillow_heif.register_heif_opener()  # writes
pi_heif.register_heif_opener()  # reads, as the project does


def picture(height: int = 60, width: int = 90) -> np.ndarray:
    small = np.random.default_rng(0).integers(0, 256, (6, 9, 3), np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def test_a_plain_jpeg_keeps_its_compressed_picture_and_is_canonical_already() -> None:
    once = codec.canonical(saved(Image.fromarray(picture()), "JPEG", comment=b"who"), PIXELS, SIDE)
    assert (once.converted, once.orientation, once.stored) == ("", 1, (90, 60))
    assert b"who" not in once.data
    assert codec.canonical(once.data, PIXELS, SIDE).data == once.data


@pytest.mark.parametrize(
    ("kind", "mode", "note"),
    [
        ("PNG", "RGB", "PNG (RGB)"), ("PNG", "RGBA", "PNG (RGBA)"), ("BMP", "RGB", "BMP (RGB)"),
        ("JPEG", "CMYK", "JPEG (CMYK)"), ("TIFF", "L", "TIFF (L)"), ("WEBP", "RGB", "WEBP (RGB)"),
        ("TIFF", "CMYK", "TIFF (CMYK)"), ("AVIF", "RGB", "AVIF (RGB)"), ("HEIF", "RGB", "HEIF (RGB)"),
    ],
)  # fmt: skip
def test_everything_else_is_encoded_anew_and_says_why(kind: str, mode: str, note: str) -> None:
    found = codec.canonical(saved(Image.fromarray(picture()).convert(mode), kind), PIXELS, SIDE)
    assert found.converted == note
    assert found.rgb.shape == (60, 90, 3)
    assert Image.open(io.BytesIO(found.data)).format == "JPEG"


KINDS = ("JPEG", "PNG", "TIFF", "WEBP", "AVIF", "HEIF")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_kind_is_turned_upright_once(kind: str, orientation: int) -> None:
    marked = np.full((64, 96, 3), 40, np.uint8)
    marked[:16, :24] = (250, 30, 30)  # the upper left corner as it is stored
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = codec.canonical(saved(Image.fromarray(marked), kind, exif=exif.tobytes(), quality=95), PIXELS, SIDE)
    upright = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(oriented(marked, orientation)))).convert("RGB"))
    assert found.rgb.shape == upright.shape
    assert np.abs(found.rgb.astype(int) - upright).mean() < 3
    assert found.stored == ((96, 64) if kind != "HEIF" else found.rgb.shape[1::-1])
    assert found.orientation == (orientation if kind != "HEIF" else 1), "a HEIF is turned by its decoder"


def oriented(rgb: np.ndarray, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(Image.fromarray(rgb), "PNG", exif=exif)


def test_a_heif_by_another_name_of_its_brand_is_read() -> None:
    data = saved(Image.fromarray(picture()), "HEIF", quality=95)
    assert data[8:12] == b"heic"
    found = codec.canonical(data[:8] + b"mif1" + data[12:], PIXELS, SIDE)
    assert np.abs(found.rgb.astype(int) - picture()).mean() < 8


@pytest.mark.parametrize("kind", ["AVIF", "HEIF", "WEBP", "TIFF"])
def test_the_limit_holds_before_anything_is_decoded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(Image.fromarray(picture(1000, 1001)), kind)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded"))
    with pytest.raises(codec.BadImage, match=r"1001 x 1000 pixels: more than ingest\.max_pixels"):
        codec.canonical(data, PIXELS, SIDE)


@pytest.mark.parametrize("kind", ["AVIF", "HEIF", "WEBP", "TIFF"])
def test_a_file_that_is_cut_off_is_no_image(kind: str) -> None:
    data = saved(Image.fromarray(picture()), kind)
    for length in range(1, len(data) * 9 // 10, len(data) // 20):
        with pytest.raises(codec.BadImage):
            codec.canonical(data[:length], PIXELS, SIDE)


def test_of_several_pages_the_first_is_read_and_said_to_be() -> None:
    pages = [Image.fromarray(picture()), Image.fromarray(255 - picture())]
    for kind, words in (("TIFF", "first page of a TIFF of several"), ("HEIF", "first picture of several in a HEIF")):
        data = saved(pages[0], kind, save_all=True, append_images=pages[1:])
        found = codec.canonical(data, PIXELS, SIDE)
        assert found.converted == words
        assert np.abs(found.rgb.astype(int) - picture()).mean() < 8


@pytest.mark.parametrize("ending", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_are_scaled(ending: str, channels: int) -> None:
    deep = picture().astype(np.uint16)[..., 0] if channels == 1 else np.dstack([picture().astype(np.uint16)] * 2)
    deep = deep if channels == 1 else np.ascontiguousarray(deep[..., :channels])
    if channels == 4:
        deep[..., 3] = 255
    data = cv2.imencode(ending, deep * 257)[1].tobytes()
    wanted = np.dstack([deep] * 3) if channels == 1 else deep[..., 2::-1]
    assert np.abs(codec.canonical(data, PIXELS, SIDE).rgb.astype(int) - wanted).max() <= 1


@pytest.mark.parametrize("ending", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_twelve_bits_in_sixteen_are_no_picture_until_they_are_scaled(ending: str, channels: int) -> None:
    deep = np.full((40, 60, channels), 4000, np.uint16)
    with pytest.raises(codec.BadImage, match="bits that were not scaled to 65535; scale them"):
        codec.canonical(cv2.imencode(ending, deep)[1].tobytes(), PIXELS, SIDE)


def test_a_raw_file_that_is_called_tiff_is_refused_by_name() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0xC612] = b"\1\4\0\0"
    data = saved(Image.fromarray(picture()), "TIFF", tiffinfo=tags)
    with pytest.raises(codec.BadImage, match=r"a camera's raw file.*export it as JPEG"):
        codec.canonical(data, PIXELS, SIDE)
    preview = TiffImagePlugin.ImageFileDirectory_v2()
    preview[0x00FE] = 1
    with pytest.raises(codec.BadImage, match="begins with a small copy"):
        codec.canonical(saved(Image.fromarray(picture()), "TIFF", tiffinfo=preview), PIXELS, SIDE)


def test_what_is_transparent_becomes_white() -> None:
    image = Image.fromarray(picture()).convert("RGBA")
    image.putalpha(0)
    assert codec.canonical(saved(image, "PNG"), PIXELS, SIDE).rgb.min() == 255


def half(data: bytes, end: bytes = b"") -> bytes:
    return data[: len(data) // 2] + end


def of_sides(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose head says other sides."""
    frame = data.index(b"\xff\xc0") + 5
    return data[:frame] + struct.pack(">HH", height, width) + data[frame + 4 :]


@pytest.mark.parametrize("progressive", [False, True])
def test_half_a_jpeg_with_an_end_is_no_picture(progressive: bool) -> None:
    whole = saved(Image.fromarray(picture(300, 200)), "JPEG", progressive=progressive)
    codec.canonical(whole, PIXELS, SIDE)
    codec.canonical(whole + b"maker's notes" * 40, PIXELS, SIDE)
    with pytest.raises(codec.BadImage, match="damaged or truncated"):
        codec.canonical(half(whole, b"\xff\xd9"), PIXELS, SIDE)
    if not progressive:  # whose zeros may be a coarser picture
        with pytest.raises(codec.BadImage, match="damaged or truncated"):
            codec.canonical(half(whole, bytes(len(whole) // 2)) + b"\xff\xd9", PIXELS, SIDE)


@pytest.mark.parametrize(("width", "height"), [(1600, 15600), (9900, 9900), (900, 1100)])
def test_a_jpeg_of_more_pixels_than_its_bytes_can_hold_is_no_picture(width: int, height: int) -> None:
    data = of_sides(saved(Image.fromarray(picture(60, 40)), "JPEG"), width, height)
    with pytest.raises(codec.BadImage, match=r"can't hold|truncated"):
        codec.canonical(data, 10**8, SIDE)


def test_half_a_png_of_zeros_is_no_picture() -> None:
    whole = saved(Image.fromarray(picture(300, 200)), "PNG", compress_level=0)
    with pytest.raises(codec.BadImage, match="damaged"):
        codec.canonical(half(whole, bytes(len(whole) - len(whole) // 2 - 12)) + whole[-12:], PIXELS, SIDE)


def test_what_a_decoder_keeps_more_than_once_may_have_fewer_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "_WHOLE_PIXELS", 5000)
    large = Image.fromarray(picture(60, 100))
    for data, kind in ((saved(large, "JPEG", progressive=True), "a progressive JPEG"), (saved(large, "WEBP"), "a WEBP"),
                       (saved(large.convert("CMYK"), "TIFF"), "a TIFF")):  # fmt: skip
        with pytest.raises(codec.BadImage, match=f"100 x 60 pixels in {kind}.*more than 5000; save it as JPEG"):
            codec.canonical(data, PIXELS, SIDE)
    for data in (saved(large, "JPEG"), saved(large, "PNG"), saved(large, "TIFF")):
        assert codec.canonical(data, PIXELS, SIDE).rgb.shape == (60, 100, 3)


def test_large_transparent_pictures_become_white_in_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    image = Image.fromarray(picture(40, 90)).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    whole = codec.canonical(saved(image, "PNG"), PIXELS, SIDE).rgb
    monkeypatch.setattr(colour, "_BAND", 7)
    assert np.array_equal(codec.canonical(saved(image, "PNG"), PIXELS, SIDE).rgb, whole)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "zero bytes"),
        (b"<html>404", "a web page"),
        (b"\0\1\2" * 50, "not an image"),
        (saved(Image.fromarray(picture()), "PNG")[:900], "truncated"),
        (saved(Image.fromarray(picture(10, 90)), "PNG"), "under ingest.min_side = 16"),
        (saved(Image.fromarray(picture(1001, 1000)), "PNG"), "more than ingest.max_pixels = 1000000"),
    ],
)
def test_what_can_not_be_used_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(codec.BadImage, match=reason):
        codec.canonical(data, PIXELS, SIDE)


def test_a_side_that_jpeg_can_not_hold_is_refused() -> None:
    with pytest.raises(codec.BadImage, match="too long a side"):
        codec.encode(np.zeros((1, 65_501, 3), np.uint8))


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(KINDS), st.binary(max_size=400), st.integers(0, 2000))
def test_damage_is_a_bad_image_and_never_another_error(kind: str, noise: bytes, at: int) -> None:
    data = bytearray(saved(Image.fromarray(picture()), kind))
    data[at : at + len(noise)] = noise
    with suppress(codec.BadImage):
        found = codec.canonical(bytes(data), PIXELS, SIDE)
        assert found.rgb.size == 3 * found.stored[0] * found.stored[1]
