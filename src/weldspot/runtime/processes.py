"""Maps a pure function over the shards of a table, in worker processes or by the engine that was chosen."""

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import TypeVar

from weldspot.runtime.engines import chosen
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.plugins import resolver
from weldspot.runtime.terminal.progress import Progress

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3

Item = TypeVar("Item")
Result = TypeVar("Result")


def workers() -> int:
    """How many processes to use: WELDSPOT_WORKERS, else every core this process may run on."""
    given = os.environ.get("WELDSPOT_WORKERS") or "0"
    if not given.isdigit():
        raise WeldspotError(f"WELDSPOT_WORKERS: {given!r} is not a number of processes; unset it to use every core")
    return max(1, int(given) or len(os.sched_getaffinity(0)))


def own_tools_first() -> None:
    """What this Python's environment holds is found by the processes that we start, also under cron's bare PATH."""
    os.environ["PATH"] = os.pathsep.join(filter(None, [str(Path(sys.executable).parent), os.environ.get("PATH")]))


def own_code(root: Path) -> None:
    """Starts anew on this workspace's code: a queued experiment runs in a copy that is not what is installed."""
    source = (root / "src").resolve()
    if (source / "weldspot").is_dir() and not Path(__file__).resolve().is_relative_to(source):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(source), os.environ.get("PYTHONPATH")]))
        os.execv(sys.executable, [sys.executable, "-m", "weldspot.cli", *sys.argv[1:]])


def tuned() -> None:
    """A process for pictures: no threads of OpenCV's own, and memory that stays with it."""
    import cv2

    cv2.setNumThreads(1)  # a process or a thread a core is parallel enough; OpenCV's own threads would fight over them
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's, man 3 mallopt
    if mallopt is not None:
        # by default every picture's pages go back to the kernel and come anew, zeroed: a fifth of the time
        mallopt(_M_MMAP_THRESHOLD, 32 << 20)
        mallopt(_M_TRIM_THRESHOLD, 256 << 20)


def _worker(plugins: Path | None) -> None:
    resolver.use(plugins)
    tuned()
    end_with_parent()


def end_with_parent() -> None:
    """For a worker process: a killed parent tells its workers nothing, they would wait for work for ever."""
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def map_shards(
    function: Callable[[Item], Result], items: Sequence[Item], title: str, unit: str = "shard"
) -> Iterator[Result]:
    """Yields function(item) in the order of the items, whatever the number of workers, with a progress bar.

    `function` must be a picklable, pure function: results may not depend on which worker ran it. Items whose work
    reads or writes files are `engines.files.Files`.
    """
    engine = chosen.used()
    with Progress(total=len(items), desc=title, unit=unit) as bar:
        for result in engine.map(function, items) if engine else _map_here(function, items):
            yield result
            bar.update()


def _map_here(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    count = min(workers(), len(items))
    if count <= 1:
        tuned()
        yield from map(function, items)
        return
    # spawn, not fork: TensorFlow and OpenCV threads do not survive a fork
    with ProcessPoolExecutor(count, get_context("spawn"), _worker, (resolver.used(),)) as pool:
        try:
            yield from pool.map(function, items)
        except BrokenProcessPool as error:
            raise WeldspotError(
                "a worker process was killed, as the system does when memory runs out; run this again, with fewer by "
                f"WELDSPOT_WORKERS={count - 1} if it was that"
            ) from error
