"""`make ui` says where MLflow is when it answers, and nothing of MLflow's own."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import mlflow_ui
import psutil
import pytest


@pytest.mark.thorough
def test_the_address_is_told_when_it_answers_and_the_log_has_the_rest(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    log = tmp_path / "logs/ui.log"
    store = f"sqlite:///{tmp_path}/mlflow.db"
    process = subprocess.Popen(
        [sys.executable, mlflow_ui.__file__, str(port), str(log)],
        cwd=tmp_path,
        env=os.environ | {"MLFLOW_TRACKING_URI": store},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("MLflow"):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
                    assert page.status == 200
            if line.startswith("Ctrl-C"):
                break
        page = r"#/experiments/1/runs\?viewStateShareKey=weldspot"
        assert re.fullmatch(
            rf"(make: MLflow starts, .*\n)+\nMLflow  http://127.0.0.1:{port}/{page}\n\nCtrl-C stops it.\n",
            "".join(said),
        )
        assert log.stat().st_size
        assert (tmp_path / "mlflow.db").exists()
        family = psutil.Process(process.pid).children(recursive=True)
        assert family
        assert not [each for each in family if store in " ".join(each.cmdline())], "an address may hold a password"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_a_port_that_is_taken_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert mlflow_ui.main("sqlite://", taken.getsockname()[1], tmp_path / "log") == 1
    assert capsys.readouterr().err.startswith("make: port ")
