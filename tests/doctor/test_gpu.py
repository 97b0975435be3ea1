"""TensorFlow asked in another process, and the cards of the machine against what it sees."""

from pathlib import Path

import pytest

from weldspot.doctor import gpu
from weldspot.doctor.gpu import Tensorflow
from weldspot.runtime.devices import nvidia
from weldspot.runtime.devices.nvidia import Card


def fake(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Another `tensorflow` for the process that asks it."""
    (folder / "tensorflow.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(folder))


SEES_ONE = """
import types
__version__ = "9.8"
sysconfig = types.SimpleNamespace(get_build_info=lambda: {"is_cuda_build": True})
config = types.SimpleNamespace(list_physical_devices=lambda kind: [kind])
"""


def test_it_says_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, SEES_ONE)
    with gpu.Probe() as probe:
        answer = probe.answer()
    assert answer == Tensorflow("9.8", cuda=True, gpus=1)
    assert gpu.tensorflow(answer).mark == "ok"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ImportError('libcudart.so: no such file')", "ImportError: libcudart.so: no such file"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "signal 4; it needs a CPU with AVX"),
    ],
)
def test_one_that_can_not_be_imported_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    fake(tmp_path, monkeypatch, code)
    with gpu.Probe() as probe:
        answer = probe.answer()
    assert said in answer.problem
    assert gpu.tensorflow(answer).stops


def test_one_that_never_answers_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake(tmp_path, monkeypatch, "import time; time.sleep(600)")
    with gpu.Probe() as probe:
        assert "not imported within 0 s" in probe.answer(0.1).problem
        assert "is being imported" in capsys.readouterr().err
    assert probe._process.poll() is not None, "nor left behind"


H100 = Card("NVIDIA H100", "580.65.06")


@pytest.mark.parametrize(
    ("answer", "cards", "mark", "cure"),
    [
        (Tensorflow("2.21.0", cuda=True), [], "ok", ""),
        (Tensorflow("2.21.0", cuda=True, gpus=1), [H100], "ok", ""),
        (Tensorflow("2.21.0", cuda=True), [H100], "warning", "'tensorflow[and-cuda]==2.21.0'"),
        (Tensorflow("2.21.0", cuda=False), [H100], "warning", "KERAS_BACKEND=jax"),
        (Tensorflow("2.21.0", cuda=True), [Card("NVIDIA L4", "470.82.01")], "warning", "525.60.13"),
        (Tensorflow(problem="x"), [H100], "warning", "the line above"),
    ],
)
def test_a_card_that_tensorflow_does_not_see_is_said(
    monkeypatch: pytest.MonkeyPatch, answer: Tensorflow, cards: list[Card], mark: str, cure: str
) -> None:
    monkeypatch.setattr(nvidia, "_version", {"tensorflow": "2.21.0", "jax": "0.10.2"}.get)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    found = gpu.gpu(answer, cards)
    assert found.mark == mark
    assert cure in found.cure
    assert all(card.name in found.found for card in cards)


def test_a_card_that_is_hidden_on_purpose_is_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    found = gpu.gpu(Tensorflow("2.21.0", cuda=True), [H100])
    assert (found.mark, found.cure) == ("ok", "")
    assert "CUDA_VISIBLE_DEVICES" in found.found
