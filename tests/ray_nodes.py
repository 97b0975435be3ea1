"""A real Ray cluster: a head that works at nothing and two workers, each with a network and a disk of its own.

Where namespaces can be made, a worker sees no file of the driver's and no process but its own, and killing the first of
them is as pulling its plug. Elsewhere the nodes stand on loopback, and share the disk.
"""

import functools
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

CORES = 1  # of a worker
# `ray start` can't cope with a space in Python's path, and the workers see no temporary folder of the driver's machine
CAN_START = " " not in sys.prefix and not Path(sys.prefix).is_relative_to(tempfile.gettempdir())
WHY = "`ray start` takes no path with a space, nor its workers a Python in the temporary folder"
TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
_RAY = [sys.executable, "-m", "ray.scripts.scripts"]
_NODES = {  # a lost one is noticed in two seconds instead of fifteen
    "RAY_health_check_initial_delay_ms": "500",
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "500",
    "RAY_health_check_failure_threshold": "3",
}
_ALONE = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c"]
_ALONE += [f'mount -t tmpfs tmpfs /dev/shm; mount -t tmpfs tmpfs {tempfile.gettempdir()}; exec "$@"', "sh"]
_SMALL = ["--disable-usage-stats", "--object-store-memory=80000000", "--block"]


@functools.cache
def namespaces() -> bool:
    """Whether this user can make them."""
    if os.geteuid() != 0 or not shutil.which("ip") or not shutil.which("unshare"):
        return False
    tried = ["unshare", "--net", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@dataclass
class Cluster:
    """`address`: of the head, for a driver that is started with `driver` before its command."""

    address: str
    driver: list[str]
    isolated: bool
    head: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]

    def run(self, *command: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """A command on the head's machine."""
        with self.start(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as process:
            out, err = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def start(self, *command: str, **options: Any) -> subprocess.Popen[str]:
        """A command on the head's machine, not waited for."""
        environment = os.environ | TOKEN
        return subprocess.Popen([*self.driver, *command], text=True, env=environment, **options)

    def kill(self, worker: int) -> None:
        """Pulls the plug."""
        _kill(self.workers[worker])


@contextmanager
def started(count: int = 2) -> Iterator[Cluster]:
    """A head and its workers, ready."""
    folder = Path(tempfile.mkdtemp(prefix="ray-"))
    isolated = namespaces()
    names = [f"wr{os.getpid()}n{node}" for node in range(count + 1)] if isolated else []
    started: list[subprocess.Popen[bytes]] = []
    try:
        for node, name in enumerate(names):
            _network(names[0], name, node)
        head_ip, port = ("10.77.0.1" if isolated else "127.0.0.1"), 6379 if isolated else _free_port()
        driver = ["ip", "netns", "exec", names[0]] if isolated else []
        head = [*_RAY, "start", "--head", f"--node-ip-address={head_ip}", f"--port={port}", "--num-cpus=0"]
        head += [f"--temp-dir={folder}/h", "--include-dashboard=false", "--ray-client-server-port=10001", *_SMALL]
        started.append(_node([*driver, *head], folder / "head.log"))
        _await_ready([folder / "head.log"], started)
        for node in range(1, count + 1):
            worker = [*_RAY, "start", f"--address={head_ip}:{port}", f"--num-cpus={CORES}", *_SMALL]
            if isolated:
                worker = [*_ALONE, *worker, f"--node-ip-address=10.77.0.{node + 1}"]
                worker = ["ip", "netns", "exec", names[node], *worker]
            started.append(_node(worker, folder / f"worker{node}.log"))
        _await_ready(list(folder.glob("*.log")), started)
        yield Cluster(f"{head_ip}:{port}", driver, isolated, started[0], started[1:])
    finally:
        for process in reversed(started):
            _kill(process)
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _network(head: str, name: str, node: int) -> None:
    """A namespace with an address in 10.77.0.0/24; the head's is the switch."""
    _ip("netns", "add", name)
    _ip("-n", name, "link", "set", "lo", "up")
    if name == head:
        _ip("-n", head, "link", "add", "switch", "type", "bridge")
        _ip("-n", head, "addr", "add", "10.77.0.1/24", "dev", "switch")
        _ip("-n", head, "link", "set", "switch", "up")
        return
    _ip("-n", head, "link", "add", f"to{node}", "type", "veth", "peer", "name", "eth0", "netns", name)
    _ip("-n", head, "link", "set", f"to{node}", "master", "switch", "up")
    _ip("-n", name, "addr", "add", f"10.77.0.{node + 1}/24", "dev", "eth0")
    _ip("-n", name, "link", "set", "eth0", "up")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def _node(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "RAY_ADDRESS")}
    with log.open("wb") as stream:
        return subprocess.Popen(
            command, stdout=stream, stderr=stream, env=environment | _NODES | TOKEN, start_new_session=True, cwd="/"
        )


def _await_ready(logs: list[Path], nodes: list[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + 120
    while not all("Ray runtime started" in log.read_text() for log in logs):
        if time.monotonic() > end or any(node.poll() is not None for node in nodes):
            raise RuntimeError("a node of Ray did not start:\n" + "\n".join(log.read_text()[-2000:] for log in logs))
        time.sleep(0.1)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        for one in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
