"""Asks the production model about what waits, in a process of its own: the server holds no TensorFlow."""

import logging
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

log = logging.getLogger("weldspot.server")


class Measuring:
    """At most one process at a time; one that fails is not begun again for the same corrections."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._tried: int | None = None

    def begin(self, waiting: int) -> bool:
        """Starts it unless it runs, or was tried for as many; returns whether it runs."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return True
            if self._process is not None and self._process.returncode:
                log.warning("review: the model was not asked: `weldspot review` says why")
            self._process = None
            if self._tried == waiting:
                return False
            self._tried = waiting
            command = [sys.executable, "-m", "weldspot.cli", "-C", str(self._workspace.root), "review", "--measure"]
            quiet = subprocess.DEVNULL
            self._process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, text=True)
            return True

    def end(self) -> None:
        """Ends the process, if one runs."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()
                self._process.wait(10)
