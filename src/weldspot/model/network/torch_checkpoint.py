"""Reads the tensors of a legacy PyTorch checkpoint without PyTorch, and without trusting the pickle.

The file is five pickles (magic number, protocol, system info, state dict, storage keys) followed by the raw storages,
see torch/serialization.py, `_legacy_load`. Only the few names a state dict needs can be looked up.
"""

import io
import math
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

from weldspot.runtime.errors import WeldspotError

_MAGIC = 0x1950A86A20F9469CFC6C
_DTYPES = {"FloatStorage": np.float32, "LongStorage": np.int64, "HalfStorage": np.float16, "DoubleStorage": np.float64}


class _Pending:
    """A tensor whose storage comes later in the file."""

    def __init__(self, storage: str, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> None:
        self.storage, self.offset, self.size, self.stride = storage, offset, size, stride


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.storages: dict[str, np.dtype] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Pending
        if module == "torch" and name in _DTYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a state dict")

    def persistent_load(self, pid: Any) -> str:
        _, kind, key, _location, _numel, *_view = pid
        self.storages[key] = np.dtype(_DTYPES[kind])
        return str(key)


def _storages(file: io.BytesIO, dtypes: dict[str, np.dtype]) -> dict[str, np.ndarray]:
    keys = _Unpickler(file).load()
    found = {}
    for key in keys:
        count = int.from_bytes(file.read(8), "little")
        data = file.read(count * dtypes[key].itemsize)
        found[key] = np.frombuffer(data, dtypes[key], count)
    return found


def load_state_dict(path: Path) -> dict[str, np.ndarray]:
    """Name → array; raises WeldspotError when the file is not a legacy PyTorch state dict."""
    file = io.BytesIO(path.read_bytes())
    try:
        if _Unpickler(file).load() != _MAGIC:
            raise pickle.UnpicklingError("wrong magic number")
        _Unpickler(file).load()  # protocol
        _Unpickler(file).load()  # system info
        reader = _Unpickler(file)
        pending = reader.load()
        storages = _storages(file, reader.storages)
        return {name: _tensor(value, storages[value.storage]) for name, value in pending.items()}
    except Exception as error:  # a damaged pickle can raise anything
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise WeldspotError(f"{path}: not a legacy PyTorch state dict ({reason}); reinstall the package") from error


def _tensor(tensor: _Pending, storage: np.ndarray) -> np.ndarray:
    """A copy of its part of the storage; a view beyond that would read whatever lies there."""
    offset, size, stride = tensor.offset, tuple(tensor.size), tuple(tensor.stride)
    numbers = (offset, *size, *stride)
    if len(size) != len(stride) or not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError(f"a tensor of sizes {size} and strides {stride} at {offset}")
    last = offset + sum((length - 1) * step for length, step in zip(size, stride, strict=True))
    count = math.prod(size)
    if count and (last >= len(storage) or count > len(storage)):
        raise ValueError(f"a tensor of {count} numbers from {offset} to {last} in a storage of {len(storage)}")
    if not count:
        return np.zeros(size, storage.dtype)
    strides = [step * storage.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(storage[offset:], size, strides).copy()
