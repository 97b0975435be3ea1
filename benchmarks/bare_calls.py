"""The limit: the library calls that the stages cannot do without, back to back on bytes in memory, on every core.

No table is read or written, nothing is drawn, decided or measured: matrices and noise, those of augment itself, are
made before the clock runs. The processes run before the clock does, too.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import cv2
import numpy as np

from weldspot.config.sections.augment import Augment
from weldspot.config.sections.preprocess import Preprocess
from weldspot.images import augmentations

_pictures: list[np.ndarray] = []
_plans: list[list[tuple]] = []


def _start(pictures: list[bytes], params: Preprocess | Augment) -> None:
    cv2.setNumThreads(1)
    _pictures.extend(np.frombuffer(data, np.uint8) for data in pictures)
    if isinstance(params, Augment):
        _plans.extend(_plan(number, params) for number in range(len(pictures)))


def _preprocess(count: int, params: Preprocess) -> None:
    size, quality = (params.size, params.size), [cv2.IMWRITE_JPEG_QUALITY, params.jpeg_quality]
    for i in range(count):
        picture = cv2.imdecode(_pictures[i % len(_pictures)], cv2.IMREAD_REDUCED_COLOR_2)
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        picture = cv2.GaussianBlur(cv2.medianBlur(picture, 3), (3, 3), 0)
        cv2.imencode(".jpg", picture, quality)[1].tobytes()


def _plan(number: int, params: Augment) -> list[tuple]:
    """What augment() hands to the library for each variant: turn, colour mix, blur (or 0) and noise (or None).

    The noise is ready to be added. Salt and pepper and the cut-out take no library call.
    """
    picture, found = cv2.imdecode(_pictures[number], cv2.IMREAD_COLOR), []
    side = picture.shape[0]
    for variant in range(1, params.variants + 1):
        rng = augmentations.generator(params.seed, f"{number:x}", variant)
        place, light, chances = rng.random(6).tolist(), rng.uniform(-1, 1, 4).tolist(), rng.random(9)
        turn = augmentations.placement(side, side, params, place)
        sigma = params.blur_sigma * (0.3 + 0.7 * chances[1]) if chances[0] < params.blur_probability else 0
        noisy = chances[2] < params.noise.probability and chances[3] < 2 / 3
        noise = rng.normal(0, params.noise.gaussian * 0.65, picture.shape).astype(np.float32) if noisy else None
        found.append((turn, augmentations.colours(params, light, picture), sigma, noise))
    return found


def _augment(count: int, params: Augment) -> None:
    quality = [cv2.IMWRITE_JPEG_QUALITY, params.jpeg_quality]
    for i in range(count):
        number = i % len(_pictures)
        picture = cv2.imdecode(_pictures[number], cv2.IMREAD_COLOR)
        size = picture.shape[1::-1]
        for turn, mixing, sigma, noise in _plans[number]:
            variant = cv2.warpAffine(picture, turn, size, borderMode=cv2.BORDER_REFLECT_101)
            variant = cv2.transform(variant, mixing)
            if sigma:
                variant = cv2.GaussianBlur(variant, (0, 0), sigma)
            if noise is not None:
                variant = cv2.add(variant, noise, dtype=cv2.CV_8U)
            cv2.imencode(".jpg", variant, quality)[1].tobytes()


class Limit:
    """Warm processes, each with the pictures in its memory."""

    def __init__(self, pictures: list[bytes], params: Preprocess | Augment, processes: int) -> None:
        self._params, self._processes = params, processes
        self._pool = ProcessPoolExecutor(processes, get_context("spawn"), _start, (pictures, params))

    def seconds(self, count: int) -> float:
        """For `count` images, shared evenly among the processes."""
        self._run(2 * self._processes)
        start = time.perf_counter()
        self._run(count)
        return time.perf_counter() - start

    def _run(self, count: int) -> None:
        work = _preprocess if isinstance(self._params, Preprocess) else _augment
        # sixteen pieces a process, so that one delayed by other work on the machine is made up for by the rest
        pieces = 16 * self._processes
        list(self._pool.map(work, [max(1, count // pieces)] * min(pieces, count), [self._params] * pieces))
