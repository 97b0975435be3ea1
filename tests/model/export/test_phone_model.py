"""A .tflite in the phone's runtime."""

import hashlib
from pathlib import Path

import keras
import numpy as np
import pytest
import tiny

from weldspot.model.export import tflite
from weldspot.model.export.phone_model import PhoneModel, sha256
from weldspot.runtime.errors import WeldspotError


def test_a_broken_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.tflite").write_bytes(b"not a model")
    with pytest.raises(WeldspotError, match=r"broken\.tflite"):
        PhoneModel(tmp_path / "broken.tflite")


def test_many_photographs_are_answered_as_one_by_one_and_timed(score: keras.Model, tmp_path: Path) -> None:
    file, images = tmp_path / "model.tflite", tiny.images(3)
    file.write_bytes(tflite.convert_float16(score))
    phone = PhoneModel(file)
    answers, milliseconds, maps = phone.predict(images)
    for row, answer in enumerate(answers):
        probabilities, heatmaps = phone(images.decode(np.array([row]))[0])
        np.testing.assert_array_equal(answer, probabilities)
        np.testing.assert_array_equal(maps[row], heatmaps)
        assert heatmaps.min() >= 0
        assert heatmaps.max() <= 1
    assert milliseconds > 0


@pytest.mark.parametrize("data", [b"", b"a model" * 100_000])
def test_a_files_hash_is_its_bytes(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)
    assert sha256(tmp_path / "file") == hashlib.sha256(data).hexdigest()
