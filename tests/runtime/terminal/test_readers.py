"""Who no longer listens does not stop the work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import subprocess, sys
from pathlib import Path
from weldspot.runtime.terminal.readers import outlive_readers
outlive_readers()
for _ in range(100):
    print("x" * 1000, flush=True)
print("to stderr", file=sys.stderr, flush=True)
subprocess.run([sys.executable, "-c", "print('a child', flush=True)"], check=True)
Path(sys.argv[1]).write_text("the work is done")
"""


@pytest.mark.parametrize("reader", ["gone", "full"])
def test_the_work_is_done_all_the_same(tmp_path: Path, reader: str) -> None:
    if reader == "full":
        if not Path("/dev/full").exists():
            pytest.skip("this system has no /dev/full")
        output = os.open("/dev/full", os.O_WRONLY)
    else:
        end, output = os.pipe()
        os.close(end)
    done = subprocess.run(
        [sys.executable, "-c", CODE, tmp_path / "done"], stdout=output, stderr=subprocess.PIPE, check=False
    )
    os.close(output)
    assert (done.returncode, done.stderr) == (0, b"to stderr\n")
    assert (tmp_path / "done").read_text() == "the work is done"


def test_what_is_heard_is_printed(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CODE, tmp_path / "done"], capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 101
