"""MLflow's store: a database here that this MLflow opens, or a server that answers. MLflow itself takes seconds."""

import os
import re
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from weldspot.doctor.finding import Finding, missing, ok, warning
from weldspot.runtime.redaction import redact

_PATIENCE_S = 3
_REVISION = re.compile(r"^(down_)?revision\b[^=\n]*= *(?:\"|')?(\w+)", re.MULTILINE)
_BROKEN = "restore it from a backup, or move it and mlartifacts/ away: `dvc repro` then begins a new one"


def store(uri: str, own: Path) -> Finding:
    """`uri`: MLFLOW_TRACKING_URI; "": the project's `own` database."""
    if not uri:
        return database(own)
    shown = redact(uri, [])
    scheme, _, rest = uri.partition(":")
    if scheme == "sqlite":
        return database(Path(unquote(rest.removeprefix("///"))))
    if scheme in ("http", "https"):
        return server(uri, shown)
    if scheme == "file" or "://" not in uri:
        cure = "unset MLFLOW_TRACKING_URI, or name a database or a server"
        return missing("MLflow", f"{shown}: a folder, which this MLflow does not take", cure, stops=True)
    return ok("MLflow", f"{shown}; whether it answers was not asked")


def server(uri: str, shown: str) -> Finding:
    """Whether it answers."""
    user = re.sub(r"//[^/@]*@", "//", uri)
    try:
        with urllib.request.urlopen(f"{user.rstrip('/')}/health", timeout=_PATIENCE_S) as answer:
            return ok("MLflow", f"{shown} answers ({answer.status})")
    except urllib.error.HTTPError as error:
        if error.code in (401, 403):
            return ok("MLflow", f"{shown} answers, and asks for a log-in")
        return missing("MLflow", f"{shown} answers with {error.code}", "is it an MLflow server?", stops=True)
    except (OSError, ValueError) as error:
        reason = redact(str(getattr(error, "reason", error)), [])
        cure = "start it, or unset MLFLOW_TRACKING_URI to use mlflow.db here"
        return missing("MLflow", f"{shown} does not answer ({reason})", cure, stops=True)


def database(path: Path) -> Finding:
    """A SQLite file: whether it is one, whether it can be written, whether its tables are this MLflow's."""
    if not path.exists():
        return ok("MLflow", f"{path.name} is made by the first run")
    try:
        tables, runs, revision = _read(path)
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            return ok("MLflow", f"{path.name} is in use")
        return missing("MLflow", f"{path}: damaged ({error})", _BROKEN, stops=True)
    if tables and not revision:
        return missing("MLflow", f"{path}: a database of another program", _BROKEN, stops=True)
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return missing("MLflow", f"{path} can't be written", "correct its permissions", stops=True)
    return _tables(path, runs, revision)


def _read(path: Path) -> tuple[set[str], int, str]:
    """The names of the tables, how many runs, and which version of MLflow's tables they are."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1)) as file:
        tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        runs = file.execute("SELECT count(*) FROM runs").fetchone()[0] if "runs" in tables else 0
        row = (
            file.execute("SELECT version_num FROM alembic_version").fetchone() if "alembic_version" in tables else None
        )
    return tables, runs, row[0] if row else ""


def _tables(path: Path, runs: int, revision: str) -> Finding:
    known, newest = migrations()
    said = f"{path.name}, {runs} runs"
    if not revision or revision == newest:
        return ok("MLflow", f"{said}, tables of this MLflow")
    if revision in known:
        cure = f"keep a copy, then: mlflow db upgrade 'sqlite:///{path.resolve()}'"
        return missing("MLflow", f"{said}, tables of an older MLflow", cure, stops=True)
    return warning("MLflow", f"{said}, tables that this MLflow does not know", "install the MLflow that made them")


def migrations() -> tuple[set[str], str]:
    """Every version of the tables that the installed MLflow knows, and the newest."""
    found = find_spec("mlflow")
    folder = Path(found.origin or "").parent / "store/db_migrations/versions" if found else Path("/nonexistent")
    known: set[str] = set()
    before: set[str] = set()
    for file in folder.glob("*.py"):
        for down, revision in _REVISION.findall(file.read_text(errors="replace")):
            (before if down else known).add(revision)
    return known, next(iter(sorted(known - before)), "")
