"""What a name says about its file."""

import pytest

from weldspot.sources.record import is_image


@pytest.mark.parametrize(
    ("name", "expected"),
    [("train/a.JPG", True), ("a.tiff", True), ("a.b.webp", True), ("a.jpg.txt", False), ("jpg", False), ("", False)],
)
def test_images_are_known_by_their_suffix(name: str, expected: bool) -> None:
    assert is_image(name) == expected
