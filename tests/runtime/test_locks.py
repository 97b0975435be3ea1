"""One at a time: refused with the holder's name, or queued; a holder that ends lets go."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from weldspot.runtime import locks
from weldspot.runtime.errors import WeldspotError

HOLD = """
import sys, time
from pathlib import Path
from weldspot.runtime import locks
with locks.exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "gate.lock")], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_the_second_is_refused_and_told_by_whom(tmp_path: Path, holder: subprocess.Popen) -> None:
    with (
        pytest.raises(WeldspotError, match=rf"^gate: already running here: pid {holder.pid} on .* since .* UTC; wait"),
        locks.exclusive(tmp_path / "gate.lock"),
    ):
        pytest.fail("two at once")


def test_a_killed_holder_lets_go(tmp_path: Path, holder: subprocess.Popen) -> None:
    holder.kill()
    holder.wait()
    with locks.exclusive(tmp_path / "gate.lock"):
        pass


def test_locks_of_other_names_do_not_meet(tmp_path: Path, holder: subprocess.Popen) -> None:
    with locks.exclusive(tmp_path / "promote.lock"), locks.queued(tmp_path / "stage.lock"):
        pass


def test_queued_threads_have_it_one_by_one(tmp_path: Path) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        with locks.queued(tmp_path / "name.lock"):
            inside += 1
            most = max(most, inside)
            inside -= 1

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
