"""MLflow on PostgreSQL, behind compose's server and without one, keeps what MLflow on SQLite keeps."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import mlflow
import postgres_server
import pytest
from postgres_server import Postgres, Server
from registered import NAME, World

from weldspot.config import parameters
from weldspot.config.sections.tracking import Tracking
from weldspot.loop.promotion.promote import promote
from weldspot.loop.rollback import rollback
from weldspot.registry import alias_moves
from weldspot.registry.alias_moves import Move, Overtaken
from weldspot.registry.glance import glance
from weldspot.registry.model_registry import ModelRegistry
from weldspot.runtime.errors import WeldspotError, explained
from weldspot.tracking import runs
from weldspot.workspace import Workspace

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(postgres_server.missing()), reason=postgres_server.missing() or "it is here"),
    pytest.mark.thorough,
]
ROOT = Path(__file__).resolve().parents[1]
SECTION = Tracking(experiment="weldspot", model=NAME)


@pytest.fixture(scope="module")
def store() -> Iterator[Postgres]:
    with postgres_server.postgres() as found:
        yield found


@pytest.fixture(scope="module")
def shared(store: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of all tests here; whoever kills it starts it again."""
    store.create("shared")
    found = Server(store, "shared", tmp_path_factory.mktemp("server"))
    found.start()
    yield found
    found.kill()


@pytest.fixture
def checkouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Workspace]]:
    """Two with the same parameters; no lock of one is known to the other."""
    monkeypatch.setenv("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "false")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    monkeypatch.delenv("WELDSPOT_NOTIFY", raising=False)
    found = [Workspace(tmp_path / name) for name in ("ours", "theirs")]
    for workspace in found:
        workspace.root.mkdir()
        workspace.params.write_bytes((ROOT / "params.yaml").read_bytes())
    yield found
    mlflow.set_tracking_uri(None)


@pytest.fixture
def world(shared: Server, checkouts: list[Workspace], monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Three versions behind the server, whose files and answers are made up."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", shared.address)
    found = World(checkouts[0])
    client = found.registry.client
    client.create_registered_model(NAME)
    run = client.create_run("0").info  # a server takes a version from a run's own artifacts alone
    for number in (1, 2, 3):
        tags = {"sha256": str(number) * 64, "checks": "passed"}
        client.create_model_version(NAME, f"{run.artifact_uri}/model", run.run_id, tags=tags)
    found.install(monkeypatch.setattr)
    yield found
    client.delete_registered_model(NAME)


def test_a_run_its_file_the_aliases_and_a_rollback(world: World, checkouts: list[Workspace]) -> None:
    ours, theirs = checkouts
    note = ours.root / "note.txt"
    note.write_text("kept")
    with runs.training_run(ours, SECTION, "first", "0123456789abcdef") as run:
        run.metrics({"loss": 0.5}, step=1)
        run.artifacts(note)
    found = mlflow.get_run(run.id)
    assert found.data.metrics == {"loss": 0.5}
    assert found.data.params["training.backbone"]
    assert mlflow.artifacts.load_text(f"{found.info.artifact_uri}/note.txt") == "kept"
    for version in ("1", "2"):
        world.stage(version)
        assert promote(ours)
    assert rollback(theirs, lambda: None) == "1"
    assert glance(ours, SECTION).aliases == {"staging": "2", "production": "1", "previous": "2"}
    assert not promote(ours), "what was taken back does not return by itself"
    assert not ours.mlflow_database.exists()


def test_two_checkouts_that_promote_at_once_end_in_one_production(
    world: World, checkouts: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.stage("1")
    assert promote(checkouts[0])
    world.stage("2")
    together = Barrier(2)
    real = alias_moves.begin

    def begin(registry: ModelRegistry, move: Move) -> None:
        together.wait(60)
        real(registry, move)

    monkeypatch.setattr(alias_moves, "begin", begin)
    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(promote, checkouts))
    assert world.aliases() == {"staging": "2", "production": "2", "previous": "1"}
    assert alias_moves.pending(world.registry) is None
    assert world.tags("2")["promote.decision"] == "promoted"


def test_of_two_who_decided_on_the_same_production_one_is_told(world: World, checkouts: list[Workspace]) -> None:
    section = parameters.load(checkouts[0].params).tracking
    registries = [ModelRegistry(workspace, section) for workspace in checkouts]
    for _ in range(5):
        world.registry.client.set_registered_model_alias(NAME, "production", "1")
        together = Barrier(2)

        def move(registry: ModelRegistry, new: str, together: Barrier = together) -> str:
            together.wait(60)
            try:
                alias_moves.begin(registry, Move("promote", "1", new))
            except (Overtaken, mlflow.MlflowException):
                return ""
            alias_moves.finish(registry)
            return new

        with ThreadPoolExecutor(2) as pool:
            moved = set(pool.map(move, registries, ("2", "3")))
        alias_moves.pending(world.registry)
        alias_moves.finish(world.registry)
        assert world.aliases()["production"] in moved - {""}
        assert world.aliases()["previous"] == "1"


@pytest.mark.parametrize("alias", ["production", "previous"])
def test_a_server_that_fails_between_the_aliases_loses_no_production(
    world: World, checkouts: list[Workspace], shared: Server, alias: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.stage("1")
    assert promote(checkouts[0])
    world.stage("2")
    real = mlflow.MlflowClient.set_registered_model_alias

    def failing(self: mlflow.MlflowClient, name: str, moved: str, version: str) -> None:
        if moved == alias:
            shared.kill()
        real(self, name, moved, version)

    with monkeypatch.context() as patch:
        patch.setattr(mlflow.MlflowClient, "set_registered_model_alias", failing)
        with pytest.raises(mlflow.MlflowException) as caught:
            promote(checkouts[0])
    assert f"MLflow at {shared.address} refused" in explained(caught.value).line()
    shared.start()
    assert world.aliases()["production"] == ("1" if alias == "production" else "2")
    assert promote(checkouts[1]), "another checkout ends it as well"
    assert world.aliases() == {"staging": "2", "production": "2", "previous": "1"}


def test_a_server_that_takes_no_file_is_one_line(world: World, checkouts: list[Workspace], shared: Server) -> None:
    note = checkouts[0].root / "note.txt"
    note.write_text("kept")
    postgres_server.remove(shared.artifacts)
    shared.artifacts.write_text("no folder")
    with pytest.raises(Exception) as caught, runs.training_run(checkouts[0], SECTION, "second", "f" * 16) as run:  # noqa: PT011
        run.artifacts(note)
    postgres_server.remove(shared.artifacts)
    assert f"MLflow at {shared.address} refused" in explained(caught.value).line()


def test_a_database_without_a_server(
    store: Postgres, checkouts: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create("direct")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.address("direct"))
    ours = checkouts[0]
    opened = (
        "import sys\nfrom pathlib import Path\nfrom weldspot.config.sections.tracking import Tracking\n"
        "from weldspot.tracking import runs\nfrom weldspot.workspace import Workspace\n"
        "runs.connect(Workspace(Path(sys.argv[1])), Tracking(experiment='weldspot', model='weldspot'))\n"
    )
    first = [subprocess.Popen([sys.executable, "-c", opened, str(ours.root)]) for _ in range(3)]
    assert [process.wait(300) for process in first] == [0, 0, 0], "the first makes the tables, the others wait for it"
    note = ours.root / "note.txt"
    note.write_text("kept")
    with runs.training_run(ours, SECTION, "first", "0123456789abcdef") as run:
        run.artifacts(note)
    assert list(ours.mlflow_artifacts.rglob("note.txt")), "as without an address, and not where one happens to stand"


def test_a_password_in_the_address_is_in_no_message(
    store: Postgres, checkouts: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow.store.db import utils

    monkeypatch.setattr(utils, "MAX_RETRY_COUNT", 1)
    for database, password in (("nowhere", ""), ("postgres", "Wr0ngPassw0rd")):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", store.address(database, password))
        with pytest.raises(WeldspotError, match="does not answer") as caught:
            runs.connect(checkouts[0], SECTION)
        said = caught.value.line()
        assert (password or store.password) not in said
        assert f"***@127.0.0.1:{store.port}/{database}" in said
