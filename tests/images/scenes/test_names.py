"""What names of files say of the scene, and what they do not."""

import re

import pytest

from weldspot.images.scenes.names import frames, scene_name, shots


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("train/images_12_jpeg_jpg.rf.4d8fac27682897.jpg", "images_12"),
        ("valid/images_12_png.rf.aa.jpg", "images_12"),
        ("IMG_3620_block_0_0_png_jpg.rf.4d8fac27.jpg", "IMG_3620"),
        ("test\\IMG_3620_block_3_1.png", "IMG_3620"),
        ("train/weld-a_mp4-12_jpg.rf.0123ab.jpg", "weld-a_mp4"),
        ("valid/weld-a_mp4-480_jpg.rf.77.jpg", "weld-a_mp4"),
        ("images/weld a_MOV-0003.png", "weld a_MOV"),
        ("train/images/frame_0012.jpg", "frame_0012"),
        ("crack/frame_0012.jpg", "crack/frame_0012"),
        ("test/DSC_0123.JPG", "DSC_0123"),
        ("Valid\\DSCF0123.JPG", "DSCF0123"),
        ("P1010123.JPG", "P1010123"),
        ("welds-000003.tar/frame_0012.jpg", "welds/frame_0012"),
        ("train-00001-of-00010/plate/frame_0012.jpg", "plate/frame_0012"),
        ("a/valid.tfrecord/frame_0012.jpg", "a/frame_0012"),
        ("train/image.jpg", None),
        ("100.jpg", None),
        ("weld-12.jpg", None),
        ("P123.jpg", None),
        ("a.rf.folder/100.jpg", None),
    ],
)
def test_scene_name(name: str, expected: str | None) -> None:
    assert scene_name(name) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [(r"^(?P<scene>[a-z]+)(\d)", "seam"), (r"seam(\d)", "7"), (r"seam\d", "seam7"), ("^other", None)],
)
def test_the_users_own_rule_comes_first_and_where_it_finds_nothing_the_usual_ones_hold(
    pattern: str, expected: str | None
) -> None:
    assert scene_name("seam7/1.jpg", re.compile(pattern)) == expected
    assert scene_name("DSC_0001.jpg", re.compile(pattern)) == "DSC_0001"


def test_frames_and_shots_are_neighbours_within_their_own_series() -> None:
    scenes = ["a_vid1", "a_vid6", "a_vid12", "b_vid7", "IMG_0001", "IMG_0002", "DSC_0002", "x/IMG_0003"]
    assert list(frames(scenes, 5)) == [("a_vid1", "a_vid6")]
    assert list(shots(scenes, 5)) == [("IMG_0001", "IMG_0002")]
    assert list(frames(scenes, 0)) == []
