"""What the head of the maps looks at, computed once: in a scratch file, for it is more than the pictures are."""

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import keras
import numpy as np
from jaxtyping import Float32, Int

from weldspot.images.dataset import Images
from weldspot.images.feed import Feed

_BATCH = 64


class Features:
    """Arrays of each image, one a layer, kept as float16; to be used as a context manager, which takes the file away.

    Args:
        network: gives the arrays, as `where.features` does.
        images: of all of which they are computed.
        folder: where the file may lie; whoever kills this leaves nothing behind.
    """

    def __init__(self, network: keras.Model, images: Images, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed by __exit__
        size = images.shape[0]
        inputs = keras.KerasTensor((1, size, size, 3))
        self._shapes = [tuple(one.shape[1:]) for one in _listed(network.compute_output_spec(inputs))]
        self._each = sum(int(np.prod(shape)) for shape in self._shapes)
        with Feed(images, np.arange(len(images)), _BATCH) as feed:
            for pictures in feed:
                layers = _listed(network.predict_on_batch(pictures))
                flat = [np.asarray(one, np.float16)[: len(pictures)].reshape(len(pictures), -1) for one in layers]
                self._file.write(np.concatenate(flat, 1).tobytes())
        self._file.flush()

    def __enter__(self) -> "Features":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def take(self, rows: Int[np.ndarray, " k"]) -> list[Float32[np.ndarray, "k _ _ _"]]:
        """Those of the images at these positions, of each layer [k, rows, columns, channels]."""
        size = self._each * 2
        data = b"".join(os.pread(self._file.fileno(), size, int(row) * size) for row in rows)
        flat = np.frombuffer(data, np.float16).astype(np.float32).reshape(len(rows), self._each)
        ends = np.cumsum([int(np.prod(shape)) for shape in self._shapes])
        parts = np.split(flat, ends[:-1], 1)
        return [part.reshape(len(rows), *shape) for part, shape in zip(parts, self._shapes, strict=True)]


def _listed(outputs: Any) -> list[Any]:
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]
