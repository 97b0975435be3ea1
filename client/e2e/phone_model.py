"""What the phone's file says of a picture, without TensorFlow, which weldspot.model.tflite takes seconds to load."""

from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter


class PhoneModel:
    """A .tflite file of this project."""

    def __init__(self, path: Path) -> None:
        self._runtime = Interpreter(str(path))
        self._runtime.allocate_tensors()
        self._input = self._runtime.get_input_details()[0]
        self._outputs = sorted(self._runtime.get_output_details(), key=lambda detail: len(detail["shape"]))

    def pixels(self, image: np.ndarray) -> np.ndarray:
        """The picture at the network's size, uint8[side, side, 3]."""
        height, width = self._input["shape"][1:3]
        return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)

    def run(self, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities [7] and class maps [h, w, 7]."""
        self._runtime.set_tensor(self._input["index"], pixels[None])
        self._runtime.invoke()
        probabilities, maps = (self._runtime.get_tensor(detail["index"])[0] for detail in self._outputs)
        return probabilities, maps
