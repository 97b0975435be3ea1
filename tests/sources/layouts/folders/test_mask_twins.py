"""A PNG that looks like a mask, beside a JPEG of its name, is one; anything less clear is left to the user."""

import cv2
import exports
import numpy as np
import pytest

from weldspot.sources.layouts.folders import mask_twins


def picture(ending: str, mask: bool, seed: int = 0) -> bytes:
    """A photograph (noise), or a mask whose edge was smoothed."""
    grey = np.random.default_rng(seed).integers(0, 256, (40, 60), np.uint8)
    if mask:
        grey = cv2.GaussianBlur(cv2.circle(np.zeros((40, 60), np.uint8), (20, 20), 9, 255, -1), (3, 3), 0)
    return cv2.imencode(ending, grey)[1].tobytes()


def export(**masks: bool) -> dict[str, bytes]:
    """Photographs of two classes, and of each a PNG: a mask, or what is said of its number."""
    files = {}
    for label in ("MT_Crack", "MT_Break"):
        for number in range(4):
            files[f"{label}/Imgs/{number}.jpg"] = picture(".jpg", mask=False, seed=number)
            files[f"{label}/Imgs/{number}.png"] = picture(".png", mask=masks.get(f"at{number}", True), seed=number)
    return files


def test_masks_beside_the_photographs_are_passed_over(tmp_path):
    files = export() | {"MT_Break/Imgs/alone.png": picture(".png", mask=False)}
    files |= {f"{label}/Imgs/a{i}.jpg": b"x" for label in ("MT_Crack", "MT_Break") for i in range(9)}
    beside = {"overview.jpg": b"x", "overview.png": picture(".png", mask=False)}
    assert exports.rejected(tmp_path / "in.zip", files | beside).keys() == beside.keys(), "in no class folder"
    items = exports.read(tmp_path / "in.zip", files)[1]
    assert {(item.name, item.labels) for item in items} == {
        (name, (name.split("/")[0],)) for name in files if name.endswith((".jpg", "alone.png"))
    }
    passed = exports.passed_over(tmp_path / "in.zip", files)
    assert passed == {
        name: "a mask: it lies beside the photograph of its name"
        for name in files
        if name.endswith(".png") and "alone" not in name
    }


@pytest.mark.parametrize(
    "change",
    [
        export(at2=False),
        {"MT_Crack/Imgs/0.jpeg": picture(".jpg", mask=False)},
        {"MT_Crack/Imgs/9.png": picture(".png", mask=True), "MT_Crack/Imgs/9.bmp": picture(".bmp", mask=False)},
        {"MT_Crack/Imgs/1.png": b"\x89PNG\r\n\x1a\nthat is cut off"},
        {"MT_Crack/Imgs/1.png": b""},
        {"MT_Crack/Imgs/1.png": picture(".jpg", mask=True)},
    ],
    ids=["the photograph twice", "three", "no jpeg", "damaged", "empty", "a jpeg in truth"],
)
def test_one_pair_that_is_not_clear_leaves_all_to_the_user(tmp_path, change):
    files = (
        export() | {f"{label}/Imgs/a{i}.jpg": b"x" for label in ("MT_Crack", "MT_Break") for i in range(90)} | change
    )
    rejected = exports.rejected(tmp_path / "in.zip", files)
    assert {"MT_Crack/Imgs/0.jpg", "MT_Crack/Imgs/0.png", "MT_Break/Imgs/3.png"} <= rejected.keys()
    assert all("may be a mask" in reason for reason in rejected.values())


def test_so_many_pixels_are_looked_at_and_no_more(tmp_path, monkeypatch):
    """A mask of one colour and 64 million pixels has sixty kilobytes."""
    files = export(at3=False) | {
        f"{label}/Imgs/a{i}.jpg": b"x" for label in ("MT_Crack", "MT_Break") for i in range(90)
    }
    assert len(exports.passed_over(tmp_path / "in.zip", files)) == 0
    monkeypatch.setattr(mask_twins, "_MOST_TOGETHER", 2 * 40 * 60)
    assert len(exports.passed_over(tmp_path / "in.zip", files)) == 8
