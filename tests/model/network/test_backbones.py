"""Backbones by name."""

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
