"""What engine=ray costs on one machine: a stage by Ray's tasks against the same stage by local processes.

`python benchmarks/engine.py` runs augment over 16,000 generated images with both, one after the other each round, in
processes of their own and with as many workers, and compares the bytes. Ray's cluster is started before and is not
counted; what starting one for each command costs (`engine.address` empty) is the last line.
"""

import argparse
import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import images

from weldspot.images.table import PREPROCESSED, shard_path, shards, write_shard
from weldspot.runtime.engines import chosen
from weldspot.runtime.engines.ray_engine import RayEngine
from weldspot.runtime.processes import workers
from weldspot.stages import augment
from weldspot.workspace import Workspace

IMAGES, ROUNDS, LIMIT = 16_000, 3, 1.15
_RAY = [sys.executable, "-m", "ray.scripts.scripts"]


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A cluster of this machine alone, as `ray start --head` makes it; its address."""
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112 its own spelling; else 15: what else the machine does would weigh on one of the two
    command = [
        *_RAY,
        "start",
        "--head",
        "--node-ip-address=127.0.0.1",
        "--port=0",
        f"--num-cpus={workers()}",
        "--block",
    ]
    command += [f"--temp-dir={folder}/ray", "--include-dashboard=false", "--disable-usage-stats"]
    log = folder / "ray.log"
    with log.open("w") as stream, subprocess.Popen(command, stdout=stream, stderr=stream) as node:
        while "Ray runtime started" not in log.read_text():
            if node.poll() is not None:
                sys.exit(log.read_text())
            time.sleep(0.1)
        address = log.read_text().partition("--address='")[2].partition("'")[0]
        try:
            yield address
        finally:
            node.terminate()


def write_table(folder: Path, count: int) -> None:
    """A preprocessed table of so many images: one shard, again and again."""
    photographs = [images.photograph(seed) for seed in range(images.DISTINCT)]
    ingested = [images._ingested(number, photographs[number % images.DISTINCT]) for number in range(images.SHARD)]
    shard = folder / "shard.parquet"
    write_shard(shard, [images._preprocessed(row) for row in ingested], PREPROCESSED)
    target = Workspace(folder).artifact("preprocess")
    target.mkdir(parents=True)
    for index in range(-(-count // images.SHARD)):
        os.link(shard, shard_path(target, index))


def seconds(folder: Path, engine: str) -> float:
    """A run of the stage in a process of its own, from its start to its end."""
    start = time.perf_counter()
    subprocess.run([sys.executable, __file__, "--run", engine], cwd=folder, check=True)
    return time.perf_counter() - start


def run(engine: str) -> None:
    """In the folder of the table; `engine`: local, or ray with its address behind a blank."""
    name, _, address = engine.partition(" ")
    chosen.use(RayEngine(address) if name == "ray" else None)
    augment.main(Workspace(Path()), augment.Params(augment=images.AUGMENT))
    chosen.use(None)


def digest(folder: Path) -> str:
    """Of all that the stage has written."""
    found = hashlib.sha256()
    for path in shards(Workspace(folder).artifact("augment")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description="engine=ray against engine=local, on one machine")
    parser.add_argument("--images", type=int, default=IMAGES)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        return run(arguments.run)
    if find_spec("ray") is None:
        return print('engine: not measured, ray is not installed: pip install "weldspot[ray]"')
    with tempfile.TemporaryDirectory() as name, cluster(Path(name)) as address:
        folder = Path(name)
        write_table(folder, arguments.images)
        local: list[float] = []
        ray: list[float] = []
        alone: list[float] = []
        for _ in range(ROUNDS):
            local.append(seconds(folder, "local"))
            wanted = digest(folder)
            ray.append(seconds(folder, f"ray {address}"))
            assert digest(folder) == wanted, "the engines wrote different bytes"
            alone.append(seconds(folder, "ray "))
            assert digest(folder) == wanted, "the engines wrote different bytes"
            print(
                f"  round: local {local[-1]:.1f} s, ray {ray[-1]:.1f} s, ray started anew {alone[-1]:.1f} s", flush=True
            )
    ratio = median(b / a for a, b in zip(local, ray, strict=True))
    print(
        f"\nengine: augment of {arguments.images} images, {workers()} workers, the same bytes, "
        f"median of {ROUNDS} rounds"
    )
    print(f"  {'local':<30}{median(local):>8.1f} s")
    print(f"  {'ray, a cluster that is there':<30}{median(ray):>8.1f} s{ratio:>8.2f}x    target <= {LIMIT}x")
    print(f"  {'ray, started for the command':<30}{median(alone):>8.1f} s")


if __name__ == "__main__":
    main()
