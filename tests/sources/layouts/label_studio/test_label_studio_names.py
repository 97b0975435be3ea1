"""How tasks of Label Studio's name their images."""

import pytest

from weldspot.sources.layouts.label_studio.names import spellings


@pytest.mark.parametrize(
    ("value", "among"),
    [
        ("/data/upload/1/0a1b2c3d-weld.jpg", ["0a1b2c3d-weld.jpg", "weld.jpg"]),
        ("/data/upload/0a1b2c3d-we%20ld.jpg", ["0a1b2c3d-we%20ld.jpg", "we ld.jpg"]),
        ("/data/local-files/?d=sets/a%231/weld%20%25.jpg", ["sets/a#1/weld %.jpg"]),
        ("/data/local-files/?d=sets/100%/weld.jpg", ["sets/100%/weld.jpg"]),
        ("s3://bucket/sets/weld #1.jpg", ["sets/weld #1.jpg"]), ("gs://bucket/weld?.jpg", ["weld?.jpg"]),
        ("https://host.example/sets/weld.jpg?sig=a/b.jpg", ["sets/weld.jpg"]),
        ("https://host.example/we%C3%A4ld.jpg#x", ["weäld.jpg"]),
        ("weld.jpg", ["weld.jpg"]), ("sets\\weld.jpg", ["sets\\weld.jpg"]),
    ],
)  # fmt: skip
def test_a_value_is_a_path_a_link_or_a_name(value: str, among: list[str]) -> None:
    assert set(among) <= set(spellings({"image": value}))


def test_a_mark_is_taken_off_uploads_alone() -> None:
    assert spellings({"image": "sets/deadbeef-weld.jpg"}) == ("sets/deadbeef-weld.jpg",)


def test_the_value_that_is_an_image_counts_whatever_its_key() -> None:
    assert spellings({"note": "seam 4", "photo_of_weld": "a.jpg", "n": 4, "x": None}) == ("a.jpg",)
    assert spellings({"thumb": "small/a.jpg", "image": "a.jpg"})[0] == "a.jpg"
    assert spellings({"text": "seam"}) == ()
    assert spellings({"image": "data:image/png;base64,AAAA"}) == ()
    assert spellings({}, "0a1b2c3d-a.jpg") == ("0a1b2c3d-a.jpg", "a.jpg")
