"""What a browser takes compressed (RFC 9110, 12.5.3), and models in that form: made once, for all phones."""

import gzip
import re
import threading

from starlette.datastructures import Headers
from starlette.types import Scope

_KEPT = 2  # models: the one that phones are given, and the one before, for phones that ask just then


def accepted(scope: Scope) -> set[str]:
    """The encodings that a browser takes, of Accept-Encoding."""
    parts = [part.replace(" ", "").lower() for part in Headers(scope=scope).get("accept-encoding", "").split(",")]
    return {part.partition(";")[0] for part in parts if not re.search(r";q=0(\.0*)?$", part)}


class Gzipped:
    """Models as gzip leaves them, in memory; safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forms: dict[str, bytes] = {}

    def form(self, sha256: str, data: bytes) -> bytes | None:
        """The content of this SHA-256, compressed; None where that makes it no smaller. Slow the first time."""
        with self._lock:
            form = self._forms.pop(sha256, None)
            if form is None:
                form = gzip.compress(data, compresslevel=9, mtime=0)
            self._forms[sha256] = form  # the newest last
            while len(self._forms) > _KEPT:
                del self._forms[next(iter(self._forms))]
        return form if len(form) < len(data) else None
