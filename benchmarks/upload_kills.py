"""Uploads while the server is killed: is each acknowledged one in the spool, once, as it was sent? Else exit status 1.

python benchmarks/upload_kills.py [uploads] [kills]   (5,000 and 2 unless something is said)
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/server"), str(ROOT / "tests")]

from conftest import MODEL, SHA256, Shot, make_shot  # noqa: E402
from contract_examples import manifest  # noqa: E402

from weldspot.loop.publishing.local import Local  # noqa: E402
from weldspot.workspace import Workspace  # noqa: E402

CLIENTS, UPLOADERS = 8, 40
START = """
import sys
from pathlib import Path
from weldspot.server.serve import serve
from weldspot.workspace import Workspace
serve(Workspace(Path(sys.argv[1])), "127.0.0.1", 0)
"""


class Servers:
    """One after the other, on one spool; `url` is the one that runs, "" while none does."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-u", "-c", START, str(self._root)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = next(line.split()[1] for line in self._process.stdout if line.startswith("WeldSpot")).rstrip("/")
        threading.Thread(target=self._process.stdout.read, daemon=True).start()

    def kill(self) -> None:
        self.url = ""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()


def main(uploads: int, kills: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        model = workspace.root / "model.tflite"
        model.write_bytes(MODEL)
        Local(workspace.published).publish(model, manifest(sha256=SHA256).as_published("3"))
        servers, codes = Servers(workspace.root), Counter[int | str]()
        acknowledged: dict[str, str] = {}
        shots = [_of(number) for number in range(uploads)]
        with ThreadPoolExecutor(CLIENTS) as pool:
            sending = [pool.submit(_send, servers, shots[n::CLIENTS], acknowledged, codes) for n in range(CLIENTS)]
            for kill in range(kills):
                while len(acknowledged) < uploads * (kill + 1) // (kills + 1):
                    time.sleep(0.01)
                servers.kill()
                servers.start()
            for one in sending:
                one.result()
        servers.kill()
        return _account(workspace, shots, acknowledged, codes, kills)


def _of(number: int) -> Shot:
    one = make_shot(number)
    return replace(one, path=one.path.replace("welder-1", f"welder-{number % UPLOADERS}"))


def _send(servers: Servers, shots: list[Shot], acknowledged: dict[str, str], codes: Counter[int | str]) -> None:
    """As a phone does: the same again until the server has said that it is there."""
    for one in shots:
        while one.path not in acknowledged:
            try:
                code = httpx2.post(servers.url + one.path, files=one.parts(), timeout=20).status_code
            except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
                codes["no answer"] += 1
                time.sleep(0.05)
                continue
            codes[code] += 1
            if code in (200, 201):
                acknowledged[one.path] = one.metadata["sha256"]


def _account(
    workspace: Workspace, shots: list[Shot], acknowledged: dict[str, str], codes: Counter[int | str], kills: int
) -> int:
    stored = Counter[str]()
    wrong = []
    for note in workspace.spool.glob("feedback/*/*.json"):
        name = f"/api/{note.relative_to(workspace.spool).with_suffix('').as_posix()}"
        stored[name] += 1
        sha256 = hashlib.sha256(note.with_suffix(".jpg").read_bytes()).hexdigest()
        if not sha256 == json.loads(note.read_text())["sha256"] == acknowledged.get(name):
            wrong.append(name)
    lost = acknowledged.keys() - stored.keys()
    print(f"{len(shots)} uploads, {kills} kills: answers {dict(codes)}")
    print(f"{len(acknowledged)} acknowledged, {len(stored)} there")
    print(f"lost {len(lost)}, twice {sum(count > 1 for count in stored.values())}, not as they were sent {len(wrong)}")
    return 1 if lost or wrong or len(acknowledged) < len(shots) else 0


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:]]
    sys.exit(main(*(given + [5000, 2][len(given) :])))
