"""What TensorFlow, JAX and Python raise when there is no memory left, each by asking for too much of it."""

import numpy as np
import pytest
import tensorflow as tf
import tiny

from weldspot.model.training import out_of_memory
from weldspot.runtime.errors import WeldspotError

PETABYTES = 1 << 50


def by_tensorflow() -> None:
    with tf.device("CPU"):
        tf.zeros([PETABYTES])


def by_jax() -> None:
    jax = pytest.importorskip("jax", reason="jax is in the dev extra: pip install -e '.[dev]'")
    with jax.default_device(jax.devices("cpu")[0]):
        jax.numpy.zeros(PETABYTES >> 3, dtype=jax.numpy.uint8).block_until_ready()


def by_numpy() -> None:
    np.ones(PETABYTES)


@pytest.mark.parametrize(
    ("ask", "where"),
    [(by_tensorflow, "the device that trains"), (by_jax, "the device that trains"), (by_numpy, "this machine")],
)
def test_it_is_one_line_that_names_what_to_lower(ask, where: str) -> None:
    with pytest.raises(WeldspotError) as caught, out_of_memory.told(tiny.training(batch_size=512), 288):
        ask()
    assert str(caught.value) == (
        f"train: {where} has not enough memory; lower training.batch_size (512) or preprocess.size (288) and run "
        "`dvc repro` again"
    )
    assert caught.value.__cause__ is not None


def test_a_batch_of_one_can_not_be_lowered() -> None:
    with (
        pytest.raises(WeldspotError, match=r"not enough memory; lower preprocess\.size \(288\)"),
        out_of_memory.told(tiny.training(batch_size=1), 288),
    ):
        raise MemoryError


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(tf.errors.InvalidArgumentError), out_of_memory.told(tiny.training(), 288):
        tf.reshape(tf.zeros(3), [2])
