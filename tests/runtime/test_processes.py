"""Results in order whatever the number of workers; a killed parent takes its workers along."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from weldspot.runtime import processes
from weldspot.runtime.errors import WeldspotError


def slow_for_the_first(item: int) -> int:
    time.sleep(0.05 if item == 0 else 0)
    return item * item


@pytest.mark.parametrize("workers", ["1", "3"])
def test_results_come_in_the_order_of_the_items(workers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", workers)
    assert list(processes.map_shards(slow_for_the_first, range(6), "test")) == [0, 1, 4, 9, 16, 25]
    assert list(processes.map_shards(slow_for_the_first, [], "test")) == []


def killed(item: int) -> int:
    if item == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_a_worker_that_the_system_kills_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "2")
    with pytest.raises(WeldspotError, match=r"^a worker process was killed[^\n]* WELDSPOT_WORKERS=1 if it was that$"):
        list(processes.map_shards(killed, [0, 1, 2], "kill"))


def test_a_number_that_is_none_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "many")
    with pytest.raises(WeldspotError, match="'many' is not a number of processes"):
        processes.workers()
    monkeypatch.setenv("WELDSPOT_WORKERS", "")
    assert processes.workers() == len(os.sched_getaffinity(0))


PARENT = """
import os, sys, time
from weldspot.runtime.processes import map_shards

def work(path):
    open(path, "w").write(str(os.getpid()))
    time.sleep(60)

if __name__ == "__main__":
    list(map_shards(work, sys.argv[1:], "test"))
"""


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    notes = [tmp_path / "one", tmp_path / "two"]
    environment = os.environ | {"WELDSPOT_WORKERS": "2"}
    parent = subprocess.Popen(
        [sys.executable, str(script), *map(str, notes)], env=environment, stderr=subprocess.DEVNULL
    )
    while not all(note.exists() and note.read_text() for note in notes):
        assert parent.poll() is None
        time.sleep(0.05)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for note in notes:
        while Path(f"/proc/{note.read_text()}/cmdline").exists() and _runs(int(note.read_text())):
            time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
