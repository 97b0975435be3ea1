"""The cards of a machine, by the driver's tool or the kernel, and why none of them trains."""

from pathlib import Path

import pytest

from weldspot.runtime.devices import nvidia
from weldspot.runtime.devices.nvidia import Card

ROOT = Path(__file__).resolve().parents[3]
H100 = Card("NVIDIA H100", "580.65.06")


def offer(folder: Path, script: str) -> None:
    tool = folder / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n")  # a Python's path may hold a space
    tool.chmod(0o755)


def test_the_driver_or_the_kernel_names_the_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nvidia.cards(tmp_path / "proc") == []
    for number in "01":
        folder = tmp_path / "proc" / number
        folder.mkdir(parents=True)
        (folder / "information").write_text("Model: \t\t NVIDIA L4\nIRQ: 7\n")
    assert nvidia.cards(tmp_path / "proc") == [Card("NVIDIA L4"), Card("NVIDIA L4")]
    offer(tmp_path, "echo 'NVIDIA H100, 580.65.06'")
    assert nvidia.cards(tmp_path / "proc") == [H100]
    offer(tmp_path, "echo 'No devices were found'")
    assert nvidia.cards(tmp_path / "proc") == []
    offer(tmp_path, "exit 9")
    assert nvidia.cards(tmp_path / "proc") == [Card("NVIDIA L4"), Card("NVIDIA L4")], "the tool knows nothing"


def installed(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    known = {"tensorflow": "2.21.0", "jax": "0.10.2"} | dict.fromkeys(packages, "1")
    monkeypatch.setattr(nvidia, "_version", known.get)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.mark.parametrize(
    ("packages", "card", "backend", "cuda", "reason", "cure"),
    [
        ([], H100, "tensorflow", True, "not installed for TensorFlow", "'tensorflow[and-cuda]==2.21.0'"),
        ([], H100, "jax", True, "not installed for JAX", "'jax[cuda12]==0.10.2'"),
        (["nvidia-cudnn-cu12"], H100, "jax", True, "not installed for JAX", "`make repro`"),
        (["nvidia-cudnn-cu12"], H100, "tensorflow", False, "TensorFlow was built without CUDA", "KERAS_BACKEND=jax"),
        ([], Card("NVIDIA L4", "470.82.01"), "tensorflow", True, "driver 470.82.01 is too old", "driver 525.60.13"),
        (["nvidia-cudnn-cu12"], H100, "tensorflow", True, "TensorFlow does not see it", "LD_LIBRARY_PATH"),
        (["nvidia-cudnn-cu12"], Card("NVIDIA L4"), "tensorflow", True, "TensorFlow does not see it", "nvidia-smi"),
    ],
)
def test_why_none_is_used_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, packages: list[str], card: Card, backend: str, cuda: bool, reason: str, cure: str
) -> None:
    installed(monkeypatch, *packages)
    found = nvidia.unused(card, backend, cuda)
    assert found is not None
    assert reason in found.reason
    assert cure in found.cure


@pytest.mark.parametrize("said", ["", "-1"])
def test_whoever_hides_the_cards_is_told_nothing(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    installed(monkeypatch)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", said)
    assert nvidia.unused(H100, "tensorflow", True) is None


def test_the_oldest_driver_is_the_one_that_the_set_up_asks_for() -> None:
    assert f"least={nvidia.LEAST_DRIVER} " in (ROOT / "scripts/device.sh").read_text()


def test_the_extras_are_those_of_the_project() -> None:
    declared = (ROOT / "pyproject.toml").read_text()
    assert all(f'"{extra}' in declared for extra in nvidia._EXTRAS.values())
