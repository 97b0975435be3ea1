"""Backbones by name."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tiny

from weldspot.model.network import backbones
from weldspot.runtime.errors import WeldspotError


@pytest.mark.parametrize(
    ("name", "channels"), [("efficientnet_lite0", 1280), ("mobilenet_025", 256), ("mobilenet_v3_small", 576)]
)
def test_each_takes_pictures_of_any_size(name: str, channels: int) -> None:
    model = backbones.extractor(name, None, "none")
    assert model.name == name
    assert model.compute_output_shape((2, 96, 64, 3)) == (2, 3, 2, channels)


def test_imagenet_weights_make_a_backbone_that_tells_pictures_apart() -> None:
    extractor = backbones.extractor("efficientnet_lite0", 96, "imagenet")
    pictures = tiny.images(2).decode(np.arange(2)).astype(np.float32)
    features = extractor.predict_on_batch(keras.ops.image.resize(pictures, (96, 96)))
    assert features.shape == (2, 3, 3, 1280)
    assert 0 < features.min() + features.max() < 20
    assert np.abs(features[0] - features[1]).mean() > 0.01


def test_weights_that_cannot_be_downloaded_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(**_: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(keras.applications, "MobileNet", offline)
    with pytest.raises(WeldspotError, match=r"backbone=mobilenet_025.*OSError.*efficientnet_lite0") as caught:
        backbones.extractor("mobilenet_025", 64, "imagenet")
    assert "\n" not in str(caught.value)


def test_another_projects_keras_settings_change_nothing(tmp_path: Path) -> None:
    settings = {"floatx": "float16", "epsilon": 0.1, "backend": "torch", "image_data_format": "channels_first"}
    (tmp_path / "keras.json").write_text(json.dumps(settings))
    code = (
        "from weldspot.model.network import backbones; import keras; print(keras.backend.backend(), "
        "keras.config.floatx(), keras.config.dtype_policy().name, keras.config.image_data_format(), "
        "keras.config.epsilon(), keras.config.max_epochs())"
    )
    names = ("KERAS_BACKEND", "KERAS_HOME", "KERAS_MAX_EPOCHS")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    environment = kept | {"KERAS_HOME": str(tmp_path), "KERAS_MAX_EPOCHS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["tensorflow", "float32", "float32", "channels_last", "1e-07", "None"]
