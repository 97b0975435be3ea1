"""TensorFlow greets on stderr from C++, before any setting can reach it; the greetings would drown what we say."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager


def import_tensorflow() -> None:
    """Imports the Keras backend and finds its devices with stderr closed; errors are raised as ever."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # below fatal it tells of itself; what fails is raised
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # said outright: the same kernels wherever a stage is run
    if os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow":
        return
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # each model that predicts is traced once: no fault
    with silenced():
        import tensorflow

        tensorflow.config.list_physical_devices()


@contextmanager
def silenced() -> Iterator[None]:
    """What is written to stderr inside, from Python or C++, is dropped; exceptions are raised as ever."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
