"""The phone's file in the phone's runtime."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tiny

from weldspot.config import parameters
from weldspot.runtime.errors import WeldspotError
from weldspot.model.export import checks, tflite
from weldspot.model.network import classifier
from weldspot.model.training import minibatches
from weldspot.model.export.quantisation import convert_int8
from weldspot.model.export.phone_model import PhoneModel


@pytest.fixture(scope="module")
def score() -> keras.Model:
    keras.utils.set_random_seed(1)
    return classifier.scorer(classifier.build("mobilenet_025", tiny.SIZE))


@pytest.mark.parametrize(("convert", "gap"), [("int8", 0.05), ("float16", 0.005)])
def test_raw_bytes_in_and_what_keras_says_out(score: keras.Model, tmp_path: Path, convert: str, gap: float) -> None:
    images = tiny.images(8)
    data = convert_int8(score, images) if convert == "int8" else tflite.convert_float16(score)
    (tmp_path / "model.tflite").write_bytes(data)
    phone = PhoneModel(tmp_path / "model.tflite")
    spec = phone.input_spec()
    assert spec["shape"] == [1, tiny.SIZE, tiny.SIZE, 3]
    assert spec["dtype"] == "uint8"
    expected, maps = minibatches.predict(score, images)
    answered, _ = phone.predict(images)
    assert np.abs(answered - expected).max() < gap
    assert phone(images.decode(np.array([0]))[0])[1].shape == maps.shape[1:]


def test_a_broken_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.tflite").write_bytes(b"not a model")
    with pytest.raises(WeldspotError, match=r"broken\.tflite"):
        PhoneModel(tmp_path / "broken.tflite")


def test_each_limit_is_judged_and_says_why() -> None:
    params = parameters.load()
    facts = {"mean_average_precision": 0.9, "mean_roc_auc": 0.97, "average_precision_loss": 0.0,
             "probability_gap": 0.01, "megabytes": 4.0}  # fmt: skip
    spec = {"dtype": "uint8", "scale": 1.0, "zero_point": 0}
    limits = params.export.checks
    assert all(v.passed for v in checks.judge(limits, params.preprocess, facts, spec))
    worse = {"mean_average_precision": 0.1, "mean_roc_auc": 0.5, "average_precision_loss": 0.3,
             "probability_gap": 0.4, "megabytes": 50.0}  # fmt: skip
    for name, value in worse.items():
        failed = [v for v in checks.judge(limits, params.preprocess, facts | {name: value}, spec) if not v.passed]
        assert len(failed) == 1
        assert f"{value:.4f}" in failed[0].reason
    float_in = checks.judge(limits, params.preprocess, facts, spec | {"dtype": "float32"})
    assert [v.check for v in float_in if not v.passed] == ["raw bytes in"]
