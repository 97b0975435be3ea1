"""The phone's file in the phone's own runtime; TensorFlow, which takes seconds to load, is not needed for it."""

import hashlib
import time
from pathlib import Path

import numpy as np

from weldspot.runtime.errors import WeldspotError
from weldspot.images.dataset import Images
from weldspot.labels import CLASSES
from weldspot.runtime.tensorflow_import import silenced


class PhoneModel:
    """A .tflite file in the phone's runtime: uint8[1, size, size, 3] → probabilities [7], heatmaps [h, w, 7]."""

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
        self._probabilities = next(o for o in outputs if tuple(o["shape"]) == (1, len(CLASSES)))
        self._heatmaps = next(o for o in outputs if len(o["shape"]) == 4)

    def input_spec(self) -> dict:
        """Shape, dtype and quantisation of the input as the file declares them."""
        scale, zero = self._input["quantization"]
        shape, dtype = self._input["shape"].tolist(), np.dtype(self._input["dtype"]).name
        return {"shape": shape, "dtype": dtype, "scale": float(scale) or 1.0, "zero_point": int(zero)}

    def __call__(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self._runtime.set_tensor(self._input["index"], image[None])
        self._runtime.invoke()
        read = self._runtime.get_tensor
        return read(self._probabilities["index"])[0], read(self._heatmaps["index"])[0]

    def predict(self, images: Images) -> tuple[np.ndarray, float]:
        """Probabilities float32[n, 7] and the median milliseconds of one image."""
        answers, seconds = [], []
        for index in range(len(images)):
            image = images.decode(np.array([index]))[0]
            start = time.perf_counter()
            answers.append(self(image)[0])
            seconds.append(time.perf_counter() - start)
        return np.array(answers), 1000 * float(np.median(seconds))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
