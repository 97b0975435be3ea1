"""What trains, and the one line where a card does not."""

import keras
import pytest
import tensorflow as tf

from weldspot.model.training import devices
from weldspot.runtime.devices import nvidia
from weldspot.runtime.devices.nvidia import Card


def test_here_the_cpu_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvidia, "cards", list)
    assert [name.rpartition("device:")[2] for name in devices.names()] == ["CPU:0"]
    assert (devices.described(), devices.unused()) == ("CPU", None)


def test_under_jax_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("jax", reason="jax is in the dev extra: pip install -e '.[dev]'")
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    assert devices.described() == "CPU"


def test_gpus_are_called_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind=None: [kind, kind])
    details = {"device_name": "NVIDIA H100", "compute_capability": (9, 0)}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda device: details)
    assert devices.described() == "NVIDIA H100, NVIDIA H100"
    assert devices.unused() is None, "what trains needs no warning"


def test_a_card_that_does_not_train_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(nvidia, "cards", lambda: [Card("NVIDIA L4", "535.54")] * 2)
    monkeypatch.setattr(nvidia, "_version", {"tensorflow": "2.21.0"}.get)
    said = devices.unused() or ""
    assert said.startswith("the CPU trains, not the NVIDIA L4: ")
    assert "`make repro`" in said or "KERAS_BACKEND=jax" in said, "where this machine's TensorFlow knows no CUDA"
    assert "\n" not in said
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert devices.unused() is None
