"""A real PostgreSQL, and MLflow's server before it with the settings of compose.yaml, on free ports of loopback."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
_DRIVER = "postgresql+psycopg2"


def missing() -> str:
    """Why no PostgreSQL can be started here, "" when one can."""
    if _programs() is None:
        return "PostgreSQL's server is not installed"
    try:
        import psycopg2  # noqa: F401
    except ImportError:
        return "psycopg2-binary is not installed"
    if os.getuid() == 0 and _user() is None:
        return "PostgreSQL does not run as root, and there is no user postgres"
    return ""


def _programs() -> Path | None:
    """The folder with initdb and postgres: Debian keeps them off the path."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *map(Path, os.get_exec_path())]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def _user() -> pwd.struct_passwd | None:
    with suppress(KeyError):
        return pwd.getpwnam("postgres")
    return None


@dataclass(frozen=True)
class Postgres:
    """`password`: of the user mlflow, whose databases they are."""

    port: int
    password: str

    def address(self, database: str, password: str = "") -> str:
        """With the password in it."""
        return f"{_DRIVER}://mlflow:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> None:
        """Makes an empty database."""
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {database}")

    def answers(self) -> None:
        """Raises OSError while it does not."""
        import psycopg2

        try:
            with self._connected():
                return
        except psycopg2.OperationalError as error:
            raise OSError from error

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        import psycopg2

        where = {"host": "127.0.0.1", "port": self.port, "dbname": "postgres"}
        connection = psycopg2.connect(user="mlflow", password=self.password, **where)
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Runs one in a folder of its own, which is gone afterwards."""
    programs, user = _programs(), _user() if os.getuid() == 0 else None
    assert programs is not None
    who: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        found = Postgres(free_port(), secrets.token_hex(8))
        password = Path(folder) / "password"
        password.write_text(found.password)
        if user:
            for path in (folder, password):
                os.chown(path, user.pw_uid, user.pw_gid)
        data = f"{folder}/data"
        made = [programs / "initdb", "-D", data, "-U", "mlflow", f"--pwfile={password}", "-A", "scram-sha-256"]
        subprocess.run([*made, "-E", "UTF8", "--no-sync"], check=True, capture_output=True, cwd=folder, **who)
        settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"]
        options = [word for setting in settings for word in ("-c", setting)]
        command = [programs / "postgres", "-D", data, "-p", str(found.port), *options]
        with (Path(folder) / "log").open("w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **who)
        try:
            _wait(found.answers, process)
            yield found
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            process.wait(60)


class Server:
    """`mlflow server` as compose starts it; may be killed and started again."""

    def __init__(self, store: Postgres, database: str, folder: Path) -> None:
        service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["mlflow"]
        self.port, self.artifacts = free_port(), folder / "artifacts"
        self.address = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        given = dict(service["environment"])
        where = given["MLFLOW_BACKEND_STORE_URI"].replace("db:5432/mlflow", f"127.0.0.1:{store.port}/{database}")
        hosts = given["MLFLOW_SERVER_ALLOWED_HOSTS"].replace("5000", str(self.port))
        self._environment = os.environ | given | {
            "MLFLOW_BACKEND_STORE_URI": where,
            "PGPASSWORD": store.password,
            "MLFLOW_ARTIFACTS_DESTINATION": str(self.artifacts),
            "MLFLOW_SERVER_ALLOWED_HOSTS": hosts,
        }  # fmt: skip
        self._environment.pop("MLFLOW_TRACKING_URI", None)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(self.port)]
        with (self._folder / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                command, env=self._environment, cwd=self._folder, stdout=log, stderr=log, start_new_session=True
            )
        _wait(lambda: urllib.request.urlopen(f"{self.address}/health", timeout=5).close(), self._process)

    def kill(self) -> None:
        """As a machine that fails: it and its workers end at once."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(ask: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with suppress(OSError):
            ask()
            return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args} ended with {process.returncode} instead of answering")


def remove(folder: Path) -> None:
    """Of artifacts: a folder or what took its place."""
    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)
