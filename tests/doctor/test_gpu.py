"""TensorFlow asked in another process, and the cards of the machine against what it sees."""

from pathlib import Path

import pytest

from weldspot.doctor import gpu
from weldspot.doctor.gpu import Tensorflow


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


@pytest.mark.parametrize(
    ("answer", "cards", "mark", "cure"),
    [
        (Tensorflow("2.21.0", cuda=True), [], "ok", ""),
        (Tensorflow("2.21.0", cuda=True, gpus=1), ["NVIDIA H100"], "ok", ""),
        (Tensorflow("2.21.0", cuda=True), ["NVIDIA H100"], "warning", "'tensorflow[and-cuda]==2.21.0'"),
        (Tensorflow("2.21.0", cuda=False), ["NVIDIA H100"], "warning", "'tensorflow[and-cuda]==2.21.0'"),
        (Tensorflow(problem="x"), ["NVIDIA H100"], "warning", "the line above"),
    ],
)
def test_a_card_that_tensorflow_does_not_see_is_said(
    answer: Tensorflow, cards: list[str], mark: str, cure: str
) -> None:
    found = gpu.gpu(answer, cards)
    assert found.mark == mark
    assert cure in found.cure
    assert all(card in found.found for card in cards)


def test_the_driver_or_the_kernel_names_the_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gpu.cards(tmp_path / "proc") == []
    for number in "01":
        folder = tmp_path / "proc" / number
        folder.mkdir(parents=True)
        (folder / "information").write_text("Model: \t\t NVIDIA L4\nIRQ: 7\n")
    assert gpu.cards(tmp_path / "proc") == ["NVIDIA L4", "NVIDIA L4"]
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'NVIDIA H100'\n")  # a Python's path may hold a space
    tool.chmod(0o755)
    assert gpu.cards(tmp_path / "proc") == ["NVIDIA H100"]
