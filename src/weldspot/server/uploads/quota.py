"""How much may come: of one uploader in a day, and of all until the disk is nearly full."""

import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from weldspot.loop.feedback import spool
from weldspot.server.answers import Refused
from weldspot.server.options import UploadLimits

_SHARE = 20  # of a small disk a twentieth stays free instead of the reserve


class Quota:
    """Counts what each uploader has stored today (UTC); after a start it counts what lies in the spool."""

    def __init__(self, root: Path, limits: UploadLimits) -> None:
        self._root = root
        self._limits = limits
        self._lock = threading.Lock()
        self._day = ""
        self._stored: Counter[str] = Counter()

    def check(self, uploader: str) -> None:
        """Refuses before the body comes what would be refused after it.

        Raises:
            Refused: 429 the uploader has sent enough for today, 507 the disk is nearly full.
        """
        self._check_disk()
        with self._lock:
            self._check_day(uploader)

    @contextmanager
    def one(self, uploader: str) -> Iterator[None]:
        """Counts one upload, and takes that back when the block ends with an error; raises as `check` does."""
        self._check_disk()
        with self._lock:
            self._check_day(uploader)
            self._stored[uploader] += 1
        try:
            yield
        except BaseException:
            self.not_new(uploader)
            raise

    def not_new(self, uploader: str) -> None:
        """The upload was here already."""
        with self._lock:
            self._stored[uploader] -= 1

    def _check_disk(self) -> None:
        there = next(folder for folder in (self._root, *self._root.parents) if folder.is_dir())
        usage = shutil.disk_usage(there)
        if usage.free < min(self._limits.reserve_bytes, usage.total // _SHARE) + self._limits.image_bytes:
            raise Refused(507, "The server's disk is nearly full; send it again later.", {"Retry-After": "600"})

    def _check_day(self, uploader: str) -> None:
        now = datetime.now(UTC)
        if self._day != now.date().isoformat():
            self._day = now.date().isoformat()
            self._stored.clear()
        if uploader not in self._stored:
            midnight = datetime.combine(now.date(), time(), UTC).timestamp()
            self._stored[uploader] = spool.stored_since(self._root, uploader, midnight)
        if self._stored[uploader] >= self._limits.uploads_per_day:
            tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
            wait = {"Retry-After": str(int((tomorrow - now).total_seconds()) + 1)}
            sentence = f"{self._limits.uploads_per_day} photographs came from here today; the rest goes tomorrow."
            raise Refused(429, sentence, wait)
