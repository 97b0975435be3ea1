"""TensorFlow's greetings are not heard; everything else is."""

import os

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
