"""`make ui`: starts MLflow's page, and says where it is when it answers; what MLflow says goes to a log."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

HOST, LINE_S = "127.0.0.1", 9.0
DEFAULT = "sqlite:///mlflow.db"
TABLE = "#/experiments/1/runs?viewStateShareKey=weldspot"  # the runs with their scores


def main(store: str, port: int, log: Path) -> int:
    """Runs until interrupted. Exit status 1 and one line when it can't start.

    The store's address may hold a password, and everybody sees what a process was started with: MLflow reads it from
    the environment.
    """
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            print(f"make: port {port} is taken; `make ui PORT=…` takes another", file=sys.stderr)
            return 1
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "mlflow", "ui", "--host", HOST, "--port", str(port), "--workers", "1"]
    with log.open("w") as told:
        process = subprocess.Popen(
            command, stdout=told, stderr=told, env=os.environ | {"MLFLOW_BACKEND_STORE_URI": store}
        )
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        print("make: MLflow starts, which takes a while", flush=True)
        if not _answers(process, port):
            print(f"make: MLflow did not start; {log} says why", file=sys.stderr)
            return 1
        print(
            f"\nMLflow  http://{HOST}:{port}/{TABLE if store.startswith('sqlite:') else ''}\n\nCtrl-C stops it.",
            flush=True,
        )
        process.wait()
    except KeyboardInterrupt:
        process.wait()  # Ctrl-C reaches both
    return 0


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """True as soon as it answers, False when it has ended before."""
    begun = last = time.monotonic()
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=5):
                return True
        except OSError:
            time.sleep(0.2)
        if time.monotonic() - last > LINE_S:
            last = time.monotonic()
            print(f"make: MLflow starts, {last - begun:.0f} s", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main(os.environ.get("MLFLOW_TRACKING_URI") or DEFAULT, int(sys.argv[1]), Path(sys.argv[2])))
