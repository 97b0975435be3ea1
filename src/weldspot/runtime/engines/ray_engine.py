"""Shards as tasks of a Ray cluster: what a task reads goes to its worker with it, what it wrote comes back.

Where the cluster is this machine alone nothing is sent: a worker that misses its files after all asks for them.
"""

import pickle
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from weldspot.runtime.engines import ray_session, worker, worker_code
from weldspot.runtime.engines.files import Files
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.plugins import resolver

Item = TypeVar("Item")
Result = TypeVar("Result")
_AHEAD = 2  # tasks a core that are on their way at most: one at work, one whose files are there already
_RETRIES = 3  # of a task whose worker was lost


class RayEngine:
    """Maps over the cluster at an address; "" is one of this machine alone."""

    def __init__(self, address: str) -> None:
        """Raises WeldspotError where Ray is not installed; connects when there is something to map."""
        ray_session.check_installed()
        self._address = address
        self._ray: ModuleType | None = None
        self._submit: Callable[..., Any]

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """As Engine.map; raises WeldspotError too where the cluster fails."""
        if not items:
            return
        ray = self._connected()
        tasks = _Tasks(ray, self._submit, function, items)
        try:
            for index in range(len(items)):
                yield tasks.outcome(index)
        except ray.exceptions.RayError as error:
            cause = getattr(error, "cause", None) or error
            words = next(iter(str(cause).splitlines()), "")[:200]
            raise WeldspotError(
                f"engine=ray: the cluster failed ({type(cause).__name__}: {words}); see its logs, then run this again, "
                "or choose engine=local"
            ) from error
        finally:
            tasks.cancel()

    def close(self) -> None:
        """Leaves the cluster; one that was started here ends."""
        if self._ray is not None:
            self._ray.shutdown()
            self._ray = None

    def _connected(self) -> ModuleType:
        if self._ray is None:
            ray = ray_session.connect(self._address)
            code = worker_code.packed(resolver.used())
            home = ray_session.home(ray)
            ray.cloudpickle.register_pickle_by_value(worker_code)  # a worker may have another WeldSpot, or none
            remote = ray.remote(num_cpus=1, max_retries=_RETRIES)(worker_code.run)
            archive = ray.put(code.archive)
            self._submit = lambda *work: remote.remote(archive, code.key, code.versions, (home, *code.places), *work)
            self._ray = ray
        return self._ray


class _Tasks:
    """The tasks of one map, some of them under way."""

    def __init__(
        self,
        ray: ModuleType,
        submit: Callable[..., Any],
        function: Callable[[Any], Any],
        items: Sequence[Any],
    ) -> None:
        self._ray, self._submit, self._function, self._items = ray, submit, function, items
        self._home = ray_session.home(ray)
        self._apart = not ray_session.alone(ray)  # files are sent
        self._next = 0
        self._under_way: dict[Any, tuple[int, int]] = {}  # reference → index, bytes sent
        self._done: dict[int, tuple[bool, Any]] = {}
        self._uses = Counter(path for item in items if isinstance(item, Files) for path in item.reads)
        self._shared = {path for path, uses in self._uses.items() if uses > 1}
        self._sent: dict[Path, tuple[Any, int]] = {}  # of them, those that later tasks read too

    def outcome(self, index: int) -> Any:
        """The result of an item, or its error raised; the items before it have been asked for."""
        while index not in self._done:
            self._fill()
            if self._under_way:
                ready, _ = self._ray.wait(list(self._under_way), num_returns=1)
                self._take(*ready)
        went_well, value = self._done.pop(index)
        if not went_well:
            raise value
        return value

    def cancel(self) -> None:
        """Stops what is still under way."""
        for reference in self._under_way:
            with suppress(Exception):  # the cluster may be gone
                if self._ray.wait([reference], timeout=0)[0] and isinstance(left := self._ray.get(reference)[1], Path):
                    shutil.rmtree(left, ignore_errors=True)
                self._ray.cancel(reference)

    def _fill(self) -> None:
        cores = int(self._ray.cluster_resources().get("CPU", 1))
        room = _room(self._ray) if self._apart else float("inf")
        while self._next < len(self._items) and len(self._under_way) < _AHEAD * cores:
            if self._under_way and sum(sent for _, sent in self._under_way.values()) > room:
                return
            index, self._next = self._next, self._next + 1
            try:
                self._send(index)
            except self._ray.exceptions.RayError:
                raise
            except Exception as error:  # of reading; it is raised in the order of the items
                self._done[index] = (False, error)

    def _send(self, index: int) -> None:
        item = self._items[index]
        files: list[tuple[Any, int]] = []
        names: list[str] = []
        if isinstance(item, Files) and self._apart:
            item = item.held()
            files = [self._file(path) for path in item.reads]
            names = [
                sent.hex() if path in self._shared else "" for path, (sent, _) in zip(item.reads, files, strict=True)
            ]
        work = self._ray.cloudpickle.dumps((self._function, item, names, self._home))
        reference = self._submit(work, *(sent for sent, _ in files))
        self._under_way[reference] = (index, len(work) + sum(size for _, size in files))

    def _file(self, path: Path) -> tuple[Any, int]:
        if path not in self._sent:
            data = worker.mapped(path)
            self._sent[path] = (self._ray.put(data), data.size)
        self._uses[path] -= 1
        return self._sent[path] if self._uses[path] > 0 else self._sent.pop(path)

    def _take(self, reference: Any) -> None:
        index, _ = self._under_way.pop(reference)
        answer = self._ray.get(reference)
        if answer is None:
            self._apart = True
            return self._send(index)
        if isinstance(answer, str):
            raise WeldspotError(f"engine=ray: worker {answer}; install requirements.lock there, as it is here")
        pickled, files = answer
        went_well, value = pickle.loads(pickled)
        if went_well and isinstance(item := self._items[index], Files):
            _bring(item, files)
        self._done[index] = (went_well, value)


def _bring(item: Files, files: list[worker.Bytes] | Path) -> None:
    if isinstance(files, Path):
        for path, made in zip(item.writes, worker.written(files, item), strict=True):
            shutil.move(made, path)
        shutil.rmtree(files, ignore_errors=True)
        return
    for path, data in zip(item.writes, files, strict=True):
        path.write_bytes(data.data)


def _room(ray: ModuleType) -> float:
    """Bytes of inputs that may be under way: half of one node's store, beyond which Ray would put them on a disk."""
    nodes = sum(1 for node in ray.nodes() if node["Alive"])
    return float(ray.cluster_resources().get("object_store_memory", 0)) / max(1, nodes) / 2
