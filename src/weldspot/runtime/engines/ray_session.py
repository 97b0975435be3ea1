"""A connection to a Ray cluster, or a cluster of this machine alone; Ray itself stays silent, and reports to nobody."""

import atexit
import logging
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.processes import workers
from weldspot.runtime.tensorflow_import import silenced

_PATIENCE_S = 10.0
_SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",  # else it tells its makers
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # below it tells of each loss that it mends
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # else it warns of what a later version will do
}


def check_installed() -> None:
    """Raises WeldspotError where Ray is not installed."""
    if find_spec("ray") is None:
        raise WeldspotError('engine.name: ray is not installed; `pip install "weldspot[ray]"`, or choose engine=local')


def connect(address: str) -> ModuleType:
    """The module `ray`, connected: `address` as Ray has it, "" starts a cluster of this machine's processes.

    Raises:
        WeldspotError: there is no cluster, or one of another version.
    """
    check_installed()
    folder = "" if address else tempfile.mkdtemp(prefix="weldspot-ray-")
    if folder:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with _settings(_SETTINGS if address else _SETTINGS | _of_its_own(folder)), silenced():
        import ray  # which reads some of the settings now

        logging.getLogger("ray").setLevel(logging.CRITICAL)
        ray._private.worker._worker_logs_enabled = False  # no setting keeps a lost node's last lines off the screen
        try:
            if address:
                _reach(address)
                ray.init(address, log_to_driver=False, logging_level=logging.CRITICAL)
            else:
                _start(ray, folder)
        except Exception as error:  # connecting raises whatever each of its layers does
            ray.shutdown()
            words = " ".join(str(error).split())[:200]
            where = f"no cluster of Ray at {address}" if address else "Ray can't start on this machine"
            raise WeldspotError(
                f"engine.address: {where} ({type(error).__name__}: {words}); start one with `ray start --head`, "
                "or choose engine=local"
            ) from error
    return ray


def home(ray: ModuleType) -> str:
    """The node of this process, whose workers see its files; "" where it is on none of the cluster's machines."""
    return "" if ray.util.client.ray.is_connected() else str(ray.get_runtime_context().get_node_id())


def alone(ray: ModuleType) -> bool:
    """Whether the cluster has no machine but that of this process."""
    return {node["NodeID"] for node in ray.nodes() if node["Alive"]} == {home(ray)}


def _reach(address: str) -> None:
    """Ray itself tries an address that nobody answers for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE_S).close()


def _of_its_own(folder: str) -> dict[str, str]:
    """A place for its workers' temporary files, and a token: else Ray keeps one in the user's home."""
    return {"TMPDIR": folder, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}


def _start(ray: ModuleType, folder: str) -> None:
    ray.init(
        "local",
        num_cpus=workers(),
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.CRITICAL,
        _temp_dir=folder,
    )


@contextmanager
def _settings(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
