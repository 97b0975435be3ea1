"""The limit: the library calls that the stages cannot do without, back to back on bytes in memory, on every core.

No table is read or written, nothing is drawn, decided or measured: matrices and noise are made before the clock runs.
The processes run before the clock does, too.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import cv2
import numpy as np

from weldspot.config.schema import Augment, Preprocess

_pictures: list[np.ndarray] = []


def _start(pictures: list[bytes]) -> None:
    cv2.setNumThreads(1)
    _pictures.extend(np.frombuffer(data, np.uint8) for data in pictures)


def _preprocess(count: int, params: Preprocess) -> None:
    size, quality = (params.size, params.size), [cv2.IMWRITE_JPEG_QUALITY, params.jpeg_quality]
    for i in range(count):
        picture = cv2.imdecode(_pictures[i % len(_pictures)], cv2.IMREAD_REDUCED_COLOR_2)
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        picture = cv2.GaussianBlur(cv2.medianBlur(picture, 3), (3, 3), 0)
        cv2.imencode(".jpg", picture, quality)[1].tobytes()


def _augment(count: int, params: Augment) -> None:
    """The warp, the colour mix and the encoding of every variant; blur and noise for as many as get them."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, params.jpeg_quality]
    side = cv2.imdecode(_pictures[0], cv2.IMREAD_COLOR).shape[0]
    turns = [cv2.getRotationMatrix2D((side / 2, side / 2), angle, 1.05) for angle in range(0, 360, 7)]
    mixing = np.hstack([1.1 * np.eye(3), np.full((3, 1), -9.0)]).astype(np.float32)
    noise = np.random.default_rng(0).normal(0, 8, (side, side, 3)).astype(np.float32)
    blurred = noised = 0.0
    for i in range(count):
        picture = cv2.imdecode(_pictures[i % len(_pictures)], cv2.IMREAD_COLOR)
        for _ in range(params.variants):
            turn = turns[i % len(turns)]
            variant = cv2.warpAffine(picture, turn, (side, side), borderMode=cv2.BORDER_REFLECT_101)
            variant = cv2.transform(variant, mixing)
            blurred, noised = blurred + params.blur_probability, noised + params.noise.probability
            if blurred >= 1:
                blurred, variant = blurred - 1, cv2.GaussianBlur(variant, (0, 0), 0.65 * params.blur_sigma)
            if noised >= 1:
                noised, variant = noised - 1, cv2.add(variant, noise, dtype=cv2.CV_8U)
            cv2.imencode(".jpg", variant, quality)[1].tobytes()


class Limit:
    """Warm processes, each with the pictures in its memory."""

    def __init__(self, pictures: list[bytes], processes: int) -> None:
        self._processes = processes
        self._pool = ProcessPoolExecutor(processes, get_context("spawn"), _start, (pictures,))

    def seconds(self, params: Preprocess | Augment, count: int) -> float:
        """For `count` images, shared evenly among the processes."""
        work = _preprocess if isinstance(params, Preprocess) else _augment
        self._run(work, params, 2 * self._processes)
        start = time.perf_counter()
        self._run(work, params, count)
        return time.perf_counter() - start

    def _run(self, work, params: Preprocess | Augment, count: int) -> None:
        # sixteen pieces a process, so that one delayed by other work on the machine is made up for by the rest
        pieces = 16 * self._processes
        list(self._pool.map(work, [max(1, count // pieces)] * min(pieces, count), [params] * pieces))
