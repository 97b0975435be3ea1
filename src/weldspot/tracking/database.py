"""The database that MLflow opens itself, where no server does: looked at before.

By default mlflow.db beside params.yaml. MLflow writes where artifacts lie as absolute addresses, and takes most of a
minute to say that a file is no database, or that there is no driver for one.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.runtime import locks
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.state_files import Damaged

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_ENGINES = ("sqlite", "postgresql", "mysql", "mssql")  # MLflow's own list
_CURE = "restore it from a backup, or move it and mlartifacts/ away: `dvc repro` then begins a new one"
# every column in which MLflow keeps the address of an artifact
_ADDRESSES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)


def is_one(address: str) -> bool:
    """Whether MLflow at this address is a database, and not a server before one."""
    return address.partition("://")[0].partition("+")[0] in _ENGINES


@contextmanager
def opening(workspace: "Workspace", address: str, own: bool) -> Iterator[None]:
    """The database can be opened; of several processes that open a new one the first makes its tables.

    `own`: it is mlflow.db, which is whole, and its addresses are this folder's. A server's address is left alone.

    Raises:
        Damaged: it is no database that this MLflow can open.
        WeldspotError: there is no driver for it.
    """
    if not is_one(address):
        yield
        return
    with ExitStack() as turn:
        with suppress(OSError):  # a folder that is read-only: nothing is made there
            turn.enter_context(locks.queued(workspace.mlflow_lock))
        if own:
            _examine(workspace.mlflow_database, workspace.mlflow_artifacts)
        else:
            _find_driver(address)
        yield


def _find_driver(address: str) -> None:
    from sqlalchemy.engine import make_url

    try:
        make_url(address).get_dialect().import_dbapi()
    except ImportError as error:
        scheme = address.partition("://")[0]
        raise WeldspotError(
            f"MLFLOW_TRACKING_URI: {scheme}: its driver {error.name} is not installed; install it into .venv, or give "
            "the address of an MLflow server (docs/ci.md)"
        ) from error


def _examine(path: Path, artifacts: Path) -> None:
    if not path.exists() and not path.is_symlink():
        return
    try:
        if not path.is_file():
            raise Damaged(path, "not a file", _CURE)
        if not path.stat().st_size:
            if artifacts.is_dir() and any(artifacts.iterdir()):
                raise Damaged(path, "empty, though mlartifacts/ holds what it has recorded", _CURE)
            return
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA query_only = ON")
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for name in tables & {"experiments", "alembic_version"}:
                database.execute(f"SELECT * FROM {name} LIMIT 1").fetchall()
            moved = {column: _elsewhere(database, *column, artifacts) for column in _ADDRESSES if column[0] in tables}
        if tables and not {"experiments", "runs", "alembic_version"} <= tables:
            raise Damaged(path, "a database of another program", _CURE)
        if any(moved.values()):
            _rebase(path, moved, artifacts)
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "readonly" in str(error):  # in use, which MLflow waits for and then says
            return
        raise Damaged(path, str(error), _CURE) from error
    except sqlite3.DatabaseError as error:
        raise Damaged(path, str(error), _CURE) from error


def _elsewhere(database: sqlite3.Connection, table: str, column: str, artifacts: Path) -> list[str]:
    """The addresses below a folder of the name of `artifacts` that is another one: the project was moved or copied."""
    query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} LIKE ?"
    found = [address for (address,) in database.execute(query, (f"file:///%/{artifacts.name}%",))]
    own = artifacts.as_uri()
    return [address for address in found if _below(address, artifacts.name) is not None and not _is_below(address, own)]


def _below(address: str, name: str) -> str | None:
    """What follows the folder `name` in an address, "" for the folder itself, None where it is not in it."""
    head, there, tail = f"{address}/".rpartition(f"/{name}/")
    return tail.rstrip("/") if there and head else None


def _is_below(address: str, folder: str) -> bool:
    return address == folder or address.startswith(f"{folder}/")


def _rebase(path: Path, moved: dict[tuple[str, str], list[str]], artifacts: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for (table, column), addresses in moved.items():
            for address in addresses:
                tail = _below(address, artifacts.name)
                here = artifacts.as_uri() + (f"/{tail}" if tail else "")
                database.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (here, address))
    print(f"weldspot: {path.name} was moved or copied: it looks for its artifacts in {artifacts} now", file=sys.stderr)
