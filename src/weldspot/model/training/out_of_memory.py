"""A device or machine that has not enough memory for a training says so in one line, with what to lower."""

from collections.abc import Iterator
from contextlib import contextmanager

from weldspot.config.sections.training import Training
from weldspot.runtime.errors import WeldspotError

# TensorFlow's by its class, JAX's by XLA's own code in front of its words; asked by name, so that neither is imported
_TENSORFLOW, _JAX, _CODE = "ResourceExhaustedError", "JaxRuntimeError", "RESOURCE_EXHAUSTED"


@contextmanager
def told(section: Training, size: int) -> Iterator[None]:
    """Raises WeldspotError where the block runs out of memory. `size`: of the pictures in pixels."""
    try:
        yield
    except Exception as error:
        if not _is_one(error):
            raise
        where = "this machine" if isinstance(error, MemoryError) else "the device that trains"
        lower = f"lower training.batch_size ({section.batch_size})" if section.batch_size > 1 else ""
        smaller = f"preprocess.size ({size})"
        cures = f"{lower} or {smaller}" if lower else f"lower {smaller}"
        raise WeldspotError(f"train: {where} has not enough memory; {cures} and run `dvc repro` again") from error


def _is_one(error: BaseException) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(
        isinstance(error, MemoryError)
        or _TENSORFLOW in names
        or ({_JAX, "XlaRuntimeError"} & names and _CODE in str(error))
    )
