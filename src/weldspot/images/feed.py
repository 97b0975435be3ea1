"""Pictures in batches, decoded by threads ahead of who takes them: docs/decisions/0010-threads-decode-ahead.md."""

import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Int, UInt8

from weldspot.images.dataset import Images
from weldspot.runtime.processes import tuned, workers

_PART = 16  # pictures that a thread decodes at a time: handing them out costs nothing, and no core waits for the last
_AHEAD = 2  # batches that are under way beside the one that is taken; more where they are small


class _Batch(NamedTuple):
    pictures: UInt8[np.ndarray, "k height width 3"]
    parts: list[Future[None]]


class Feed:
    """Batches of the pictures at `rows`, in their order, the same whatever the number of threads (WELDSPOT_WORKERS).

    To be used as a context manager: leaving it ends the threads, and raises what went wrong in one of them as it was,
    whatever the taker has made of it. So many batches are under way at a time that memory does not grow with the data.

    Args:
        images: what is shown.
        rows: positions among them.
        batch_size: pictures at a time; the last batch is what is left.
        turns: for each row the way (0 to 7) that its picture is laid down, see `turned`.
    """

    def __init__(
        self,
        images: Images,
        rows: Int[np.ndarray, " n"],
        batch_size: int,
        turns: Int[np.ndarray, " n"] | None = None,
    ) -> None:
        self.waited, self.images = 0.0, 0  # seconds that the taker has waited, and pictures that it has got
        self._source, self._rows, self._batch_size, self._turns = images, rows, batch_size, turns
        tuned()
        threads = workers()
        self._depth = 1 + max(_AHEAD, -(-2 * _PART * threads // batch_size))
        self._pool = ThreadPoolExecutor(threads, "decode")
        self._error: Exception | None = None

    def __iter__(self) -> Iterator[UInt8[np.ndarray, "k height width 3"]]:
        starts = iter(range(0, len(self._rows), self._batch_size))
        shape = self._source.shape if len(self._rows) else ()
        under_way: deque[_Batch] = deque()
        while True:
            while len(under_way) < self._depth and (start := next(starts, None)) is not None:
                under_way.append(self._begun(start, shape))
            if not under_way:
                return
            pictures = self._done(under_way.popleft())
            self.images += len(pictures)
            yield pictures

    def __enter__(self) -> "Feed":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=True)
        if self._error is not None and error is not self._error and (error is None or isinstance(error, Exception)):
            raise self._error from None

    def _begun(self, start: int, shape: tuple[int, ...]) -> _Batch:
        stop = min(start + self._batch_size, len(self._rows))
        pictures = np.empty((stop - start, *shape), np.uint8)
        firsts = range(start, stop, _PART)
        return _Batch(
            pictures, [self._pool.submit(self._fill, k, pictures[k - start : k - start + _PART]) for k in firsts]
        )

    def _done(self, batch: _Batch) -> UInt8[np.ndarray, "k height width 3"]:
        began = time.perf_counter()
        try:
            for part in batch.parts:
                part.result()
        except Exception as error:
            self._error = error
            raise
        finally:
            self.waited += time.perf_counter() - began
        return batch.pictures

    def _fill(self, first: int, pictures: UInt8[np.ndarray, "k height width 3"]) -> None:
        """Decodes the rows from the `first` on into `pictures`; runs in a thread."""
        part = slice(first, first + len(pictures))
        self._source.decode_into(self._rows[part], pictures)
        if self._turns is not None:
            for picture, turn in zip(pictures, self._turns[part].tolist(), strict=True):
                picture[...] = turned(picture, turn)


def turned(picture: UInt8[np.ndarray, "side side 3"], turn: int) -> UInt8[np.ndarray, "side side 3"]:
    """A square picture in one of its eight positions: quarters to the left, from 4 on mirrored first; 0 is as it is."""
    if turn >= 4:
        picture = cv2.flip(picture, 1)
    quarters = (None, cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE)[turn % 4]
    return picture if quarters is None else cv2.rotate(picture, quarters)
