"""The phone's file in the phone's own runtime; TensorFlow, which takes seconds to load, is not needed for it."""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float32, UInt8

from weldspot.images.dataset import Images
from weldspot.images.feed import Feed
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.tensorflow_import import silenced

_TIMED = 64  # images that are timed, decoded before: while threads decode beside the model, it is slower than it is
_AT_A_TIME = 32


@dataclass(frozen=True)
class InputSpec:
    """The input as a file declares it: a real value is scale × (byte − zero point)."""

    shape: tuple[int, ...]
    dtype: str
    scale: float
    zero_point: int

    @property
    def side(self) -> int:
        """Pixels of the square."""
        return self.shape[1]


class PhoneModel:
    """A .tflite file in the phone's runtime.

    Raises:
        WeldspotError: the runtime does not load it.
    """

    def __init__(self, path: Path, threads: int = 2) -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            with silenced():  # it tells of its delegate each time
                self._runtime = Interpreter(model_path=str(path), num_threads=threads)
                self._runtime.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise WeldspotError(
                f"{path}: the TFLite runtime does not load it ({error}); run `dvc repro export`"
            ) from error
        self._input = self._runtime.get_input_details()[0]
        outputs = self._runtime.get_output_details()
        self._probabilities = next(o for o in outputs if len(o["shape"]) == 2)
        self._heatmaps = next(o for o in outputs if len(o["shape"]) == 4)

    def input_spec(self) -> InputSpec:
        """Shape, dtype and quantisation of the input."""
        scale, zero = self._input["quantization"]
        shape, dtype = self._input["shape"].tolist(), np.dtype(self._input["dtype"]).name
        return InputSpec(tuple(shape), dtype, float(scale) or 1.0, int(zero))

    def classes(self) -> int:
        """How many the probabilities are of."""
        return int(self._probabilities["shape"][1])

    def __call__(
        self, image: UInt8[np.ndarray, "side side 3"]
    ) -> tuple[Float32[np.ndarray, " classes"], Float32[np.ndarray, "rows columns classes"]]:
        """Probabilities and heatmaps, 0 to 1, of an RGB picture of the input's size."""
        self._runtime.set_tensor(self._input["index"], image[None])
        self._runtime.invoke()
        read = self._runtime.get_tensor
        return read(self._probabilities["index"])[0], read(self._heatmaps["index"])[0]

    def predict(
        self, images: Images
    ) -> tuple[Float32[np.ndarray, "n classes"], float, Float32[np.ndarray, "n rows columns classes"]]:
        """Probabilities of n images, the median milliseconds of one, and the heatmaps."""
        answers, seconds = [], []
        for image in images.decode(np.arange(min(len(images), _TIMED))):
            start = time.perf_counter()
            answers.append(self(image))
            seconds.append(time.perf_counter() - start)
        with Feed(images, np.arange(_TIMED, len(images)), _AT_A_TIME) as feed:
            answers += [self(image) for pictures in feed for image in pictures]
        probabilities, heatmaps = (np.array(one) for one in zip(*answers, strict=True))
        return probabilities, 1000 * float(np.median(seconds)), heatmaps


def sha256(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
