"""Ends a command as a power cut would, with all that it has started."""

import os
import signal
import subprocess
from pathlib import Path

import small_project


def killed(clone: Path, after: float, *command: str) -> bool:
    """Whether the command was still at work in `clone` after so many seconds, when it and its children were killed."""
    process = subprocess.Popen(
        command,
        cwd=clone,
        env=small_project.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False
