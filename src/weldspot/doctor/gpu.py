"""TensorFlow and the GPU. To import it takes seconds, so another process does, while the rest is looked at."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from weldspot.doctor.finding import Finding, missing, ok, warning
from weldspot.runtime.devices import nvidia

PATIENCE_S = 90
_ASK = """
import json, tensorflow as tf
cuda = bool(tf.sysconfig.get_build_info().get("is_cuda_build"))
print(json.dumps({"version": tf.__version__, "cuda": cuda, "gpus": len(tf.config.list_physical_devices("GPU"))}))
"""


@dataclass(frozen=True)
class Tensorflow:
    """What it says of itself; `problem` why it says nothing."""

    version: str = ""
    cuda: bool = False
    gpus: int = 0
    problem: str = ""


class Probe:
    """TensorFlow being asked; the process ends with the block."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-c", _ASK]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def answer(self, patience: float = PATIENCE_S) -> Tensorflow:
        """Waits for it, and says so on stderr."""
        if self._process.poll() is None:
            print("doctor: TensorFlow is being imported, which takes seconds", file=sys.stderr, flush=True)
        try:
            output, errors = self._process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            return Tensorflow(problem=f"not imported within {patience:.0f} s")
        if self._process.returncode < 0:
            return Tensorflow(problem=f"ended by signal {-self._process.returncode}; it needs a CPU with AVX")
        if self._process.returncode:
            lines = [line for line in errors.strip().splitlines() if line.strip()]
            return Tensorflow(problem=lines[-1].strip()[:200] if lines else f"ended with {self._process.returncode}")
        return Tensorflow(**json.loads(output.strip().splitlines()[-1]))


def examine(probe: Probe) -> Iterator[Finding]:
    """The lines about TensorFlow and the GPU."""
    answer = probe.answer()
    yield tensorflow(answer)
    yield gpu(answer, nvidia.cards())


def tensorflow(answer: Tensorflow) -> Finding:
    """Whether it can be imported."""
    if answer.problem:
        cure = "install it anew: python -m pip install --force-reinstall tensorflow"
        return missing("TensorFlow", answer.problem, cure, stops=True)
    return ok("TensorFlow", f"{answer.version}, {'with' if answer.cuda else 'without'} CUDA")


def gpu(answer: Tensorflow, cards: list[nvidia.Card]) -> Finding:
    """What the machine has, against what TensorFlow sees; the train stage warns of the same."""
    if not cards and not answer.gpus:
        return ok("GPU", "none: the CPU trains, `training=quick` in minutes, `training=full` in about half an hour")
    said = ", ".join(card.name for card in cards) or f"{answer.gpus}"
    if answer.gpus:
        return ok("GPU", f"{said}; TensorFlow sees {answer.gpus}")
    if answer.problem:
        return warning("GPU", f"{said}; TensorFlow does not answer", "see the line above")
    why = nvidia.unused(cards[0], "tensorflow", answer.cuda)
    if why is None:
        return ok("GPU", f"{said}; not used, as CUDA_VISIBLE_DEVICES says")
    return warning("GPU", f"{said}; {why.reason}", why.cure)
