"""No image of an export vanishes because of what its file is called."""

import io

import exports
import pytest
from PIL import Image

from weldspot.sources.members import look


def saved(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(exports.scene(1)).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"])
@pytest.mark.parametrize("name", ["weld", "weld.jpg_large", "weld.jpg~orig", "weld.1"])
def test_an_image_is_one_whatever_its_name(kind: str, name: str) -> None:
    data = saved(kind)
    assert look([name], lambda _, length: data[:length]).images == (name,)


@pytest.mark.parametrize("name", ["a.heif", "a.HEIC", "a.dng", "a.jxl", "a.jp2", "a.ppm", "a.dcm"])
def test_a_kind_that_is_not_read_is_an_image_with_a_reason(name: str) -> None:
    found = look([name], lambda *_: b"")
    assert found.images == (name,)
    assert "convert it to JPEG or PNG" in found.unread[name]


@pytest.mark.parametrize("kind", ["PPM", "JPEG2000"])
def test_such_a_kind_is_known_without_its_ending_too(kind: str) -> None:
    assert "no ending" in look(["a"], lambda _, length: saved(kind)[:length]).unread["a"]


def test_the_rest_is_no_image_and_text_is_not_looked_into() -> None:
    def head(name: str, length: int) -> bytes:
        assert name == "clip.mp4"
        return b"\0\0\0\x20ftypisom"[:length]

    assert look(["a.txt", "a.XML", "clip.mp4", "data.yaml"], head).others == ("a.txt", "a.XML", "clip.mp4", "data.yaml")
