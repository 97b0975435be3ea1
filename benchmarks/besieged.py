"""A welder's upload while others hold the server's places. Exit status 1 if any takes over two seconds or is refused.

python benchmarks/besieged.py [readers] [senders] [seconds]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import httpx2

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/server"), str(ROOT / "tests")]

from attackers import Reader, Sender, besieged  # noqa: E402
from conftest import MODEL, SHA256, make_shot  # noqa: E402
from contract_examples import manifest  # noqa: E402

from weldspot.loop.publishing.local import Local  # noqa: E402
from weldspot.workspace import Workspace  # noqa: E402

TOKEN = "of-this-benchmark-alone"
WANTED = 2.0  # seconds
START = """
import sys
from pathlib import Path
from weldspot.server.serve import serve
from weldspot.workspace import Workspace
serve(Workspace(Path(sys.argv[1])), "127.0.0.1", 0)
"""


def main(readers: int, senders: int, seconds: float) -> int:
    failed = 0
    for token in ("", TOKEN):
        with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as url:
            crowd: list[Reader | Sender] = [Reader(url, "/large.wasm")] * readers
            crowd += [Sender(url, make_shot(10**6 + number).path, token) for number in range(senders)]
            Random(0).shuffle(crowd)
            before = _asked(url, 0, 2.0)
            with besieged(crowd, 1.0):
                time.sleep(1)
                during = _asked(url, 1000, seconds)
        print(f"{readers} idle readers, {senders} trickling senders with {(token and 'the token') or 'no token'}")
        for when, (codes, slowest) in (("before", before), ("besieged", during)):
            print(
                f"  {when:9}", json.dumps({str(key): codes[key] for key in sorted(codes, key=str)}), f"{slowest:.2f} s"
            )
        failed += set(during[0]) != {201, "healthy"} or during[1] > WANTED
    return 1 if failed else 0


def _asked(url: str, first: int, seconds: float) -> tuple[Counter[int | str], float]:
    """A welder sends photograph after photograph, a connection each; answers, and the slowest in seconds."""
    codes: Counter[int | str] = Counter()
    slowest, end, number = 0.0, time.monotonic() + seconds, first
    while time.monotonic() < end:
        number += 1
        one, begun = make_shot(number), time.monotonic()
        try:
            answer = httpx2.post(
                url + one.path, files=one.parts(), headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30
            )
            codes[answer.status_code] += 1
            healthy = httpx2.get(f"{url}/healthz", timeout=30).status_code == 200
            codes["healthy" if healthy else "not healthy"] += 1
        except httpx2.HTTPError as error:
            codes[type(error).__name__] += 1
        slowest = max(slowest, time.monotonic() - begun)
        time.sleep(0.2)
    return codes, slowest


@contextmanager
def _server(root: Path) -> Iterator[str]:
    model = root / "model.tflite"
    model.write_bytes(MODEL)
    workspace = Workspace(root)
    Local(workspace.published).publish(model, manifest(sha256=SHA256).as_published("3"))
    workspace.app.mkdir(parents=True)
    (workspace.app / "large.wasm").write_bytes(bytes(20_000_000))
    command, environment = [sys.executable, "-u", "-c", START, str(root)], os.environ | {"WELDSPOT_TOKEN": TOKEN}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        url = next(line.split()[1] for line in process.stdout if line.startswith("WeldSpot"))
        next(line for line in process.stdout if line.startswith("Ctrl-C"))
        yield url.partition("/#")[0]
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    given = [float(value) for value in sys.argv[1:]]
    chosen = given + [512, 64, 30][len(given) :]
    sys.exit(main(int(chosen[0]), int(chosen[1]), chosen[2]))
