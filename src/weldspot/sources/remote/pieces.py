"""Objects read in pieces, several on their way at once, given out in order; what breaks off is asked for again."""

import re
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from weldspot.config import stores
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.remote.store import Item, Store

PIECE = 1 << 20  # bytes: so much comes twice, at most, for a connection that is cut
IN_FLIGHT = 16  # pieces on their way, or waiting for those before them: what memory holds
WAITS = (1, 2, 4, 8, 16, 32)  # seconds before each further try
_SHORTER = re.compile(r"InvalidRange|\b416\b|Range Not Satisfiable", re.IGNORECASE)


class Changed(Exception):
    """An object is not the one that was listed."""


@dataclass(frozen=True)
class Piece:
    """Bytes of `item` from `start` on."""

    item: Item
    start: int
    data: bytes

    @property
    def is_last(self) -> bool:
        """Whether the object ends with it."""
        return self.start + len(self.data) == self.item.size


def read(store: Store, items: Sequence[Item], skip: int = 0) -> Iterator[Piece]:
    """The pieces of all the objects, of the first one from the byte `skip` on; an empty object is one empty piece.

    Raises:
        Changed: an object has become shorter, or is gone.
        WeldspotError: the store can't be reached any more, or refuses.
    """
    waiting: deque[tuple[Item, int, Future[bytes]]] = deque()
    pool, given_up = ThreadPoolExecutor(IN_FLIGHT), threading.Event()
    try:
        for item, start in _starts(items, skip):
            waiting.append((item, start, pool.submit(_piece, store, item, start, given_up)))
            if len(waiting) == IN_FLIGHT:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)
    finally:
        given_up.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _starts(items: Sequence[Item], skip: int) -> Iterator[tuple[Item, int]]:
    for item in items:
        yield from ((item, start) for start in range(skip, max(item.size, 1), PIECE))
        skip = 0


def _first(waiting: deque[tuple[Item, int, Future[bytes]]]) -> Piece:
    item, start, future = waiting.popleft()
    return Piece(item, start, future.result())


def _piece(store: Store, item: Item, start: int, given_up: threading.Event) -> bytes:
    end = min(start + PIECE, item.size)
    for wait in (*WAITS, None) if start < end else ():
        try:
            data = store.read(item, start, end)
        except PermissionError as error:
            raise stores.explained(error, store.address, store.key) from None
        except Exception as error:
            if isinstance(error, FileNotFoundError) or _SHORTER.search(f"{type(error).__name__} {error}"):
                raise Changed(item.name) from None
            if wait is None or given_up.wait(wait):
                raise _broken(store, item, error) from None
            continue
        if len(data) == end - start:
            return data
        if wait is None or _is_another(store, item):
            raise Changed(item.name)
    return b""


def _is_another(store: Store, item: Item) -> bool:
    """Whether a short answer is an object that has become shorter, rather than a cut that nobody told of."""
    try:
        return store.again(item) != item
    except FileNotFoundError:
        return True
    except Exception:
        return False  # the next try says what is wrong


def _broken(store: Store, item: Item, error: Exception) -> WeldspotError:
    told = str(stores.explained(error, store.address, store.key))
    at = f" at {item.name}" if item.name else ""
    return WeldspotError(
        f"{told.removesuffix('; check the network and run this again')}: broke off{at}; "
        "run `dvc repro` again, it goes on from there"
    )
