"""Stores on loopback, and no waiting between tries."""

from collections.abc import Iterator

import object_store
import pytest

from weldspot.sources.remote import pieces


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "WAITS", (0.05, 0.05, 0.05))


@pytest.fixture(scope="session")
def _running() -> Iterator[object_store.ObjectStore]:
    for package in ("s3fs", "dvc_s3", "moto", "boto3"):
        pytest.importorskip(package, reason="the dev extra brings it")
    with object_store.running() as store:
        yield store


@pytest.fixture
def store(_running: object_store.ObjectStore, monkeypatch: pytest.MonkeyPatch) -> object_store.ObjectStore:
    for name, value in _running.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return _running
