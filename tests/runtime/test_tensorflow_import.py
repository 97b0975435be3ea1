"""TensorFlow's greetings are not heard; everything else is."""

import os
import subprocess
import sys

import pytest

from weldspot.runtime import tensorflow_import


def test_only_greetings_are_not_heard(capfd: pytest.CaptureFixture[str]) -> None:
    with tensorflow_import.silenced():
        os.write(2, b"a greeting")
    os.write(2, b"still heard")
    assert capfd.readouterr().err == "still heard"


def test_an_error_is_raised_and_what_comes_after_is_heard(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ImportError), tensorflow_import.silenced():
        raise ImportError
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_another_backend_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setitem(__import__("sys").modules, "tensorflow", None)  # an import of it is an error
    tensorflow_import.import_tensorflow()


NEWER_GRAPH = """
from weldspot.runtime.tensorflow_import import import_tensorflow
import_tensorflow()
import tensorflow
graph = tensorflow.compat.v1.GraphDef()
graph.node.add(name="map", op="NoOp").attr["use_unbounded_threadpool"].b = True
tensorflow.graph_util.import_graph_def(graph)
print("imported")
"""


@pytest.mark.thorough
def test_what_tensorflow_says_of_its_own_graphs_is_not_heard() -> None:
    """`E0000 … NodeDef mentions attribute use_unbounded_threadpool` stood in every training."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "KERAS_"))}
    command = [sys.executable, "-c", NEWER_GRAPH]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("imported\n", "")
