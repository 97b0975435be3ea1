"""The graph on a cluster whose workers have no disk in common with it: the same dvc.lock, whatever dies."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import ray_nodes
import small_project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("ray") is None, reason='ray is not installed: `pip install "weldspot[ray]"`'),
    pytest.mark.skipif(not ray_nodes.CAN_START, reason=ray_nodes.WHY),
    pytest.mark.thorough,
]
SMALL = [*small_project.SMALL.split(), "source.images=90", "ingest.shard_rows=16", "augment.variants=3"]


@pytest.fixture(scope="module")
def cluster() -> Iterator[ray_nodes.Cluster]:
    with ray_nodes.started() as nodes:
        yield nodes


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project, all of it run by processes of this machine."""
    folder = tmp_path_factory.mktemp("cluster") / "project"
    small_project.clone(folder)
    small_project.run(folder, "weldspot", "compose", *SMALL)
    small_project.run(folder, "dvc", "repro")
    return folder


def run(cluster: ray_nodes.Cluster, project: Path, *command: str) -> "subprocess.Popen[str]":
    """A command on the head's machine."""
    environment = small_project.environment() | ray_nodes.TOKEN
    return subprocess.Popen(
        [*cluster.driver, *command], cwd=project, env=environment, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_another_engine_makes_nothing_stale(cluster: ray_nodes.Cluster, project: Path) -> None:
    small_project.run(project, "weldspot", "compose", *SMALL, "engine=ray", f"engine.address={cluster.address}")
    assert "Data and pipelines are up to date" in small_project.run(project, "dvc", "status")


def test_the_whole_graph_gives_the_same_lock(cluster: ray_nodes.Cluster, project: Path) -> None:
    wanted, exported = (project / "dvc.lock").read_text(), bytes_of(project / "artifacts/export")
    shutil.rmtree(project / "artifacts")
    (project / "dvc.lock").unlink()
    process = run(cluster, project, sys.executable, "-m", "dvc", "repro", "--force", "--no-run-cache")
    said, _ = process.communicate()
    assert process.returncode == 0, said
    again = bytes_of(project / "artifacts/export")
    assert json.loads(again["manifest.json"]) == json.loads(exported["manifest.json"])
    assert [name for name in exported if again[name] != exported[name]] == []
    assert (project / "dvc.lock").read_text() == wanted


def test_a_worker_killed_in_the_middle_of_augment(cluster: ray_nodes.Cluster, project: Path) -> None:
    wanted = bytes_of(project / "artifacts/augment")
    process = run(cluster, project, "weldspot", "run", "augment")
    partial = project / "artifacts/.augment.partial"
    while not (partial.is_dir() and list(partial.iterdir())):
        assert process.poll() is None
        time.sleep(0.02)
    cluster.kill(0)
    said, _ = process.communicate()
    assert (process.returncode, said) == (0, "")
    assert bytes_of(project / "artifacts/augment") == wanted


def test_an_interrupt_leaves_what_was_there(cluster: ray_nodes.Cluster, project: Path) -> None:
    before = bytes_of(project / "artifacts/augment")
    process = run(cluster, project, "weldspot", "run", "augment")
    partial = project / "artifacts/.augment.partial"
    while not partial.is_dir():
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    assert not partial.exists()
    assert bytes_of(project / "artifacts/augment") == before


def test_damage_is_the_same_line_as_without_a_cluster(cluster: ray_nodes.Cluster, project: Path) -> None:
    shard = sorted((project / "artifacts/preprocess").glob("images-*.parquet"))[1]
    data = bytearray(shard.read_bytes())
    data[len(data) // 3] ^= 1
    shard.chmod(0o644)
    shard.write_bytes(data)
    process = run(cluster, project, "weldspot", "run", "augment")
    said, _ = process.communicate()
    small_project.run(project, "weldspot", "compose", *SMALL, "engine=local")
    local = run(cluster, project, "weldspot", "run", "augment")
    assert (local.communicate()[0], local.returncode) == (said, process.returncode)
    assert process.returncode == 1
    assert said.startswith("weldspot: error: ")
    assert "images-00001.parquet: damaged" in said
    assert len(said.splitlines()) == 1
