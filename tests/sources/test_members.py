"""No image of an export vanishes because of what its file is called."""

import io

import exports
import pi_heif
import pillow_heif
import pytest
from PIL import Image

from weldspot.images import codec
from weldspot.sources.members import look

assert codec
pillow_heif.register_heif_opener()  # writes
pi_heif.register_heif_opener()  # reads, as the project does


def saved(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(exports.scene(1)).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize("name", ["weld", "weld.jpg_large", "weld.jpg~orig", "weld.1"])
def test_an_image_is_one_whatever_its_name(kind: str, name: str) -> None:
    data = saved(kind)
    assert look([name], lambda _, length: data[:length]).images == (name,)


@pytest.mark.parametrize("name", ["a.jxl", "a.jp2", "a.ppm", "a.dcm"])
def test_a_kind_that_is_not_read_is_an_image_with_a_reason(name: str) -> None:
    found = look([name], lambda *_: b"")
    assert found.images == (name,)
    assert "convert it to JPEG or PNG" in found.unread[name]


@pytest.mark.parametrize("name", ["a.dng", "a.CR2", "a.nef", "a.ARW"])
def test_a_raw_file_is_an_image_that_has_to_be_developed(name: str) -> None:
    found = look([name], lambda *_: b"")
    assert found.images == (name,)
    assert "a camera's raw file" in found.unread[name]
    assert "export it as JPEG" in found.unread[name]


@pytest.mark.parametrize("head", [b"II*\0\x10\0\0\0CR\2\0", b"IIRO\x08\0", b"FUJIFILMCCD-RAW", b"\0\0\0\x18ftypcrx "])
def test_a_raw_file_is_known_without_its_ending(head: bytes) -> None:
    assert "a camera's raw file (no ending)" in look(["a"], lambda *_: head).unread["a"]


@pytest.mark.parametrize("name", ["a.heif", "a.HEIC", "a.hif", "a.avif", "a.TIFF", "a.webp"])
def test_a_phones_kinds_are_read(name: str) -> None:
    found = look([name], lambda *_: b"")
    assert (found.images, found.unread) == ((name,), {})


@pytest.mark.parametrize("kind", ["PPM", "JPEG2000"])
def test_such_a_kind_is_known_without_its_ending_too(kind: str) -> None:
    assert "no ending" in look(["a"], lambda _, length: saved(kind)[:length]).unread["a"]


def test_the_rest_is_no_image_and_text_is_not_looked_into() -> None:
    def head(name: str, length: int) -> bytes:
        assert name == "clip.mp4"
        return b"\0\0\0\x20ftypisom"[:length]

    assert look(["a.txt", "a.XML", "clip.mp4", "data.yaml"], head).others == ("a.txt", "a.XML", "clip.mp4", "data.yaml")
