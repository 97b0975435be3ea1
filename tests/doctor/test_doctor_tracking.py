"""MLflow's store, looked at without MLflow."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from weldspot.doctor import tracking


def test_what_mlflow_makes_is_its_own(mlflow_tables: Path) -> None:
    found = tracking.store("", mlflow_tables)
    assert (found.mark, found.stops) == ("ok", False)
    assert "tables of this MLflow" in found.found
    assert tracking.store(f"sqlite:///{mlflow_tables}", Path("/nowhere")) == found


def test_migrations_are_those_of_mlflow_itself() -> None:
    from mlflow.store.db.utils import _get_latest_schema_revision

    known, newest = tracking.migrations()
    assert newest == _get_latest_schema_revision()
    assert len(known) > 30


def test_none_is_made_by_the_first_run(tmp_path: Path) -> None:
    assert tracking.database(tmp_path / "mlflow.db").mark == "ok"
    assert not (tmp_path / "mlflow.db").exists()


def changed(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as file, file:
        for statement in statements:
            file.execute(statement)
    return path


def test_older_tables_stop_and_unknown_ones_are_said(mlflow_tables: Path, tmp_path: Path) -> None:
    copy = tmp_path / "mlflow.db"
    copy.write_bytes(mlflow_tables.read_bytes())
    known, newest = tracking.migrations()
    before = sorted(known - {newest})[0]
    found = tracking.database(changed(copy, f"UPDATE alembic_version SET version_num = '{before}'"))
    assert found.stops
    assert "mlflow db upgrade" in found.cure
    found = tracking.database(changed(copy, "UPDATE alembic_version SET version_num = 'of-tomorrow'"))
    assert found.mark == "warning"


@pytest.mark.parametrize("content", [b"no database" * 100, None])
def test_what_is_none_of_mlflows_stops_and_is_left_alone(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "mlflow.db"
    if content is None:
        changed(path, "CREATE TABLE mine (x)")
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    found = tracking.database(path)
    assert found.stops
    assert "move it" in found.cure
    assert path.read_bytes() == before


class Answering(BaseHTTPRequestHandler):
    """An MLflow that answers with the status that its path names."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.split("/")[1]))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answering) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "mark"), [(200, "ok"), (401, "ok"), (500, "missing")])
def test_a_server_is_asked_and_its_password_is_not_shown(status: int, mark: str) -> None:
    with server() as address:
        found = tracking.store(f"http://ada:very-secret@{address}/{status}", Path("/nowhere"))
    assert (found.mark, found.stops) == (mark, mark == "missing")
    assert "very-secret" not in str(found)


def test_a_server_that_is_not_there_stops() -> None:
    with server() as address:
        pass
    found = tracking.store(f"http://{address}/", Path("/nowhere"))
    assert found.stops
    assert "does not answer" in found.found


@pytest.mark.parametrize(
    ("uri", "mark"), [("file:///x/mlruns", "missing"), ("mlruns", "missing"), ("postgresql://h/d", "ok")]
)
def test_other_stores_are_taken_or_not(uri: str, mark: str) -> None:
    assert tracking.store(uri, Path("/nowhere")).mark == mark
