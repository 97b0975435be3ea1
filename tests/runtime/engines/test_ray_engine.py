"""A cluster of a head and two workers that share no disk: the same bytes in the same order, whatever dies."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import ray_nodes

pytestmark = [
    pytest.mark.skipif(find_spec("ray") is None, reason='ray is not installed: `pip install "weldspot[ray]"`'),
    pytest.mark.skipif(not ray_nodes.CAN_START, reason=ray_nodes.WHY),
]

# what a command does with an engine, on a machine where the addresses of the cluster mean something
DRIVER = """
import sys, time
from functools import partial
from pathlib import Path

from weldspot.runtime.engines import chosen
from weldspot.runtime.engines.files import Files
from weldspot.runtime.engines.ray_engine import RayEngine
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import map_shards

def turned(item, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.05)  # Ray interrupts between two of Python's steps, not in one
    whole = b"".join(path.read_bytes() for path in item.reads)
    if whole.startswith(b"bad"):
        raise WeldspotError(f"{item.reads[0]}: can't be turned; turn it yourself")
    item.writes[0].write_bytes(whole[::-1])
    return item.reads[0].name, len(whole)

if __name__ == "__main__":
    address, folder, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    chosen.use(RayEngine(address))
    shared = folder / "shared"
    items = [Files(reads=(path, shared), writes=(folder / "out" / path.name,)) for path in sorted(folder.glob("in-*"))]
    try:
        for name, length in map_shards(partial(turned, seconds=seconds), items, "turn"):
            print(name, length, flush=True)
    except WeldspotError as error:
        print(error.line())
    except KeyboardInterrupt:
        print(*map_shards(partial(turned, seconds=0), items[:1], "the cores are free again"), flush=True)
    if seconds:
        import ray
        print("nodes", sum(node["Alive"] for node in ray.nodes()), flush=True)
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[ray_nodes.Cluster]:
    with ray_nodes.started() as nodes:
        yield nodes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of many sizes, some of them larger than what Ray sends in a message."""
    draw = random.Random(18)
    (tmp_path / "out").mkdir()
    (tmp_path / "shared").write_bytes(draw.randbytes(300_000))
    for index in range(24):
        (tmp_path / f"in-{index:02d}").write_bytes(b"x" + draw.randbytes(draw.choice([0, 1, 5_000, 400_000])))
    (tmp_path / "driver.py").write_text(DRIVER)
    return tmp_path


def expected(folder: Path) -> list[str]:
    shared = (folder / "shared").stat().st_size
    return [f"{path.name} {path.stat().st_size + shared}" for path in sorted(folder.glob("in-*"))]


def all_written(folder: Path) -> bool:
    shared = (folder / "shared").read_bytes()
    return all(
        (folder / "out" / path.name).read_bytes() == (path.read_bytes() + shared)[::-1] for path in folder.glob("in-*")
    )


def start(cluster: ray_nodes.Cluster, folder: Path, seconds: float) -> "subprocess.Popen[str]":
    command = [sys.executable, str(folder / "driver.py"), cluster.address, str(folder), str(seconds)]
    return cluster.start(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


@pytest.mark.thorough
def test_an_error_is_the_one_line_of_the_first_item_in_order(cluster: ray_nodes.Cluster, folder: Path) -> None:
    for index in (5, 9):
        (folder / f"in-{index:02d}").write_bytes(b"bad")
    out, err = start(cluster, folder, 0).communicate()
    assert out.splitlines() == [*expected(folder)[:5], f"{folder}/in-05: can't be turned; turn it yourself"]
    assert err == ""  # Ray is silent


@pytest.mark.thorough
def test_an_interrupt_frees_the_cores(cluster: ray_nodes.Cluster, folder: Path) -> None:
    process = start(cluster, folder, 600)
    time.sleep(5)  # connected or not, at work or not: it must end
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    assert out.splitlines() == [] or out.splitlines()[0].startswith("('in-00'")


@pytest.mark.thorough
def test_a_worker_that_is_lost_loses_no_shard(cluster: ray_nodes.Cluster, folder: Path) -> None:
    with start(cluster, folder, 0.2) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = [process.stdout.readline().strip() for _ in range(3)]
        cluster.kill(0)
        lines += process.stdout.read().splitlines()
        assert (process.stderr.read(), process.wait()) == ("", 0)
    assert lines == [*expected(folder), "nodes 2"]  # the head and one worker
    assert all_written(folder)
