"""MLflow in a process of its own: it takes seconds to import, and training need not wait for that."""

import atexit
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from weldspot.config.sections.tracking import Tracking
from weldspot.runtime.errors import WeldspotError, explained
from weldspot.runtime.processes import end_with_parent
from weldspot.tracking import runs

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


class Recorder:
    """The MLflow run of one training, open for logging.

    What is logged is done in order while training goes on; wait() and the end of the block raise what failed first.
    """

    def __init__(self, workspace: "Workspace", section: Tracking, name: str, key: str) -> None:
        # spawn, not fork: TensorFlow's threads do not survive a fork
        self._pool = ProcessPoolExecutor(1, get_context("spawn"), _start)
        self._calls: list[Future[None]] = []
        self._submit(_begin, workspace, section, name, key)

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._submit(_end, error is not None)
            self.wait()
        except Exception:
            if error is None:  # else what ended the training is what counts
                raise
        finally:
            self._pool.shutdown(wait=False)  # Python itself waits for the process at its own end

    def wait(self) -> None:
        """Returns when all that was given is recorded."""
        with _process_alive():
            for call in self._calls:
                call.result()

    def metrics(self, values: dict[str, float], step: int) -> None:
        """Logs one epoch's numbers."""
        self._submit(_metrics, values, step)

    def tags(self, values: dict[str, str]) -> None:
        """Sets tags of the run."""
        self._submit(_tags, values)

    def artifacts(self, path: Path) -> None:
        """Logs a file, or a folder under its own name."""
        self._submit(_artifacts, path)

    def dataset(self, path: Path, digest: str, rows: int, context: str) -> None:
        """Logs what was learnt from: its folder, its DVC md5, how many rows."""
        self._submit(runs.log_dataset, path, digest, rows, context)

    def _submit(self, function: Callable[..., None], *arguments: object) -> None:
        with _process_alive():
            self._calls.append(self._pool.submit(_told, function, *arguments))


@contextmanager
def _process_alive() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise WeldspotError(
            "the process that records this training in MLflow was killed; run `dvc repro` again: it goes on from there"
        ) from error


# Below: what runs in the other process.
def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the training says how its run ended
    end_with_parent()
    atexit.register(os._exit, 0)  # Python would take most of a second to take MLflow's objects apart


def _told(function: Callable[..., None], *arguments: object) -> None:
    """Calls it; an MLflowException becomes a WeldspotError here, where MLflow is at hand to say where it was.

    After the first failure nothing more is recorded, and the end is tried once: MLflow tries for minutes, each time.
    """
    if _failures and function is not _end:
        raise _failures[0]
    try:
        function(*arguments)
    except Exception as error:
        _failures.append(explained(error) or error)
        os.environ[runs.RETRIES] = "0"
        raise _failures[-1] from None


_open = ExitStack()
_runs: list[runs.Run] = []
_failures: list[Exception] = []


class _TrainingFailed(Exception):
    """Makes MLflow mark the run so."""


def _begin(workspace: "Workspace", section: Tracking, name: str, key: str) -> None:
    os.environ.setdefault("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "5")
    _runs.append(_open.enter_context(runs.training_run(workspace, section, name, key)))


def _metrics(values: dict[str, float], step: int) -> None:
    _runs[0].metrics(values, step)


def _tags(values: dict[str, str]) -> None:
    _runs[0].tags(values)


def _artifacts(path: Path) -> None:
    _runs[0].artifacts(path)


def _end(failed: bool) -> None:
    try:
        with _open:
            if failed or _failures:
                raise _TrainingFailed
    except _TrainingFailed:
        return
