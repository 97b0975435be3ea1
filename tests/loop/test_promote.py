"""Aliases, decisions and rollbacks on a real registry; the models' answers are made up."""

import shutil
from pathlib import Path

import mlflow
import numpy as np
import pytest

from weldspot.config import parameters
from weldspot.runtime.errors import WeldspotError
from weldspot.images.dataset import Images
from weldspot.labels import CLASSES
from weldspot.loop.promotion import heldout, promote
from weldspot.registry import alias_moves, versions
from weldspot.registry.versions import Deployed
from weldspot.loop.rollback import rollback

ROOT = Path(__file__).resolve().parents[2]
NAME = "weldspot"
RNG = np.random.default_rng(0)
TRUTH = np.eye(7, dtype=np.uint8)[RNG.integers(7, size=300)]
GROUPS = np.array([f"scene{i // 2}" for i in range(300)])


newest = {"from": 270}  # the first photograph of the newest feedback


def answers(skill: float | np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(1)
    return (1 / (1 + np.exp(-(TRUTH * skill + rng.normal(size=TRUTH.shape))))).astype(np.float32)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with three versions; making the tables takes seconds, a copy of them none."""
    path = tmp_path_factory.mktemp("registry") / "mlflow.db"
    mlflow.set_tracking_uri(f"sqlite:///{path}")
    client = mlflow.MlflowClient()
    client.create_experiment(NAME, artifact_location=(path.parent / "artifacts").as_uri())
    client.create_registered_model(NAME)
    for number in (1, 2, 3):
        client.create_model_version(NAME, str(path.parent), tags={"sha256": str(number) * 64, "checks": "passed"})
    return path


@pytest.fixture(autouse=True)
def registry(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """Version → scores; a test may change them."""
    shutil.copy(database, tmp_path / "mlflow.db")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("WELDSPOT_NOTIFY", raising=False)
    skill: dict[str, np.ndarray] = {"1": answers(2.0), "2": answers(3.0), "3": answers(1.0)}

    def fetched(params: parameters.Params, version: str, folder: Path) -> Deployed:
        manifest = {"metrics": {"mean_average_precision": 0.9}}
        return Deployed(version, version * 64, folder, manifest, folder, folder)

    held = Images([str(i) for i in range(300)], np.zeros(300, int), TRUTH, GROUPS, None)  # type: ignore[arg-type]
    monkeypatch.setattr(versions, "fetch_version", fetched)
    monkeypatch.setattr(Images, "take", lambda self, rows: Images(
        [self.ids[i] for i in rows], self.variants[rows], self.labels[rows], self.groups[rows], self.encoded
    ))  # fmt: skip
    monkeypatch.setattr(
        heldout, "common", lambda *_: heldout.HeldOut(held, np.arange(300) >= 250, np.arange(300) >= newest["from"])
    )
    newest["from"] = 270
    monkeypatch.setattr(heldout, "score", lambda version, images: skill[version.version])
    return skill


def client() -> mlflow.MlflowClient:
    versions.aliases(parameters.load())  # connects
    return mlflow.MlflowClient()


def aliases() -> dict[str, str]:
    return versions.aliases(parameters.load())


def stage(version: str) -> None:
    client().set_registered_model_alias(NAME, "staging", version)


def test_the_first_model_passes_on_its_checks_alone() -> None:
    stage("1")
    assert promote.promote()
    assert aliases() == {"staging": "1", "production": "1"}
    tags = client().get_model_version(NAME, "1").tags
    assert tags["promote.decision"] == "promoted"
    assert "first production" in tags["promote.reason"]
    assert "promoted" in (client().get_model_version(NAME, "1").description or "")


def test_one_that_failed_its_checks_is_refused() -> None:
    stage("1")
    client().set_model_version_tag(NAME, "1", "checks", "failed")
    assert not promote.promote()
    assert "production" not in aliases()


def test_nothing_staged_is_one_line() -> None:
    with pytest.raises(WeldspotError, match="staging: no such version"):
        promote.promote()


def test_a_better_one_takes_over_and_the_old_one_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    stage("1")
    promote.promote()
    stage("2")
    assert promote.promote()
    assert aliases() == {"staging": "2", "production": "2", "previous": "1"}
    assert "mean AP" in capsys.readouterr().out
    assert promote.promote(), "again does nothing"
    assert aliases()["previous"] == "1"


def test_a_worse_one_is_refused_and_the_version_says_why() -> None:
    stage("1")
    promote.promote()
    stage("3")
    assert not promote.promote()
    assert aliases()["production"] == "1"
    tags = client().get_model_version(NAME, "3").tags
    assert tags["promote.decision"] == "refused"
    assert "worse on held-out photographs" in tags["promote.reason"]


def test_worse_on_the_newest_feedback_alone_is_refused(registry: dict[str, np.ndarray]) -> None:
    stage("1")
    promote.promote()
    registry["2"] = answers(3.0)
    registry["2"][270:] = 1 - registry["2"][270:]
    stage("2")
    assert not promote.promote()
    reason = client().get_model_version(NAME, "2").tags["promote.reason"]
    assert "worse on the newest feedback (30 in" in reason
    assert "worse on held-out" not in reason


def test_feedback_too_little_to_compare_on_is_said() -> None:
    stage("1")
    promote.promote()
    newest["from"] = 300
    stage("2")
    assert promote.promote()
    assert "the newest feedback (50 in" in client().get_model_version(NAME, "2").tags["promote.reason"], (
        "all of it then"
    )


def test_worse_on_one_class_is_refused_by_name(registry: dict[str, np.ndarray]) -> None:
    stage("1")
    promote.promote()
    skill = np.full(7, 5.0)
    skill[CLASSES.index("Crack")] = 0.2
    registry["2"] = answers(skill)
    stage("2")
    assert not promote.promote()
    assert "worse on Crack" in client().get_model_version(NAME, "2").tags["promote.reason"]


def test_equal_passes(registry: dict[str, np.ndarray]) -> None:
    stage("1")
    promote.promote()
    registry["2"] = registry["1"].copy()
    stage("2")
    assert promote.promote()


def test_rollback_swaps_and_republishes_and_a_second_swaps_back() -> None:
    for version in ("1", "2"):
        stage(version)
        promote.promote()
    published: list[str] = []
    assert rollback(lambda: published.append(aliases()["production"])) == "1"
    assert (aliases()["production"], aliases()["previous"]) == ("1", "2")
    assert rollback(lambda: published.append(aliases()["production"])) == "2"
    assert published == ["1", "2"]
    assert promote.promote()


def test_what_was_rolled_back_does_not_return_by_itself() -> None:
    for version in ("1", "2"):
        stage(version)
        promote.promote()
    rollback(lambda: None)
    assert not promote.promote()
    assert aliases()["production"] == "1"
    assert "was rolled back" in client().get_model_version(NAME, "2").tags["promote.reason"]


def test_the_history_is_on_the_versions() -> None:
    for version in ("1", "2"):
        stage(version)
        promote.promote()
    rollback(lambda: None)
    rollback(lambda: None)
    assert client().get_model_version(NAME, "2").tags["promote.decision"] == "restored"


def test_rollback_without_a_previous_one_is_one_line() -> None:
    stage("1")
    promote.promote()
    with pytest.raises(WeldspotError, match="no previous version"):
        rollback(lambda: None)


def test_a_rollback_stopped_while_publishing_goes_on_instead_of_swapping_back() -> None:
    for version in ("1", "2"):
        stage(version)
        promote.promote()

    def fails() -> None:
        raise WeldspotError("no network")

    with pytest.raises(WeldspotError, match="no network"):
        rollback(fails)
    assert aliases()["production"] == "1"
    assert rollback(lambda: None) == "1"
    assert aliases() == {"staging": "2", "production": "1", "previous": "2"}
    assert alias_moves.pending(parameters.load()) is None


def test_a_rollback_after_a_promotion_that_was_killed_goes_to_the_one_before_it(monkeypatch) -> None:
    for version in ("3", "1"):
        stage(version)
        promote.promote()
    stage("2")
    real = mlflow.MlflowClient.set_registered_model_alias

    def killed(self: mlflow.MlflowClient, name: str, alias: str, version: str) -> None:
        if alias == "previous":
            raise KeyboardInterrupt
        real(self, name, alias, version)

    with monkeypatch.context() as patch:
        patch.setattr(mlflow.MlflowClient, "set_registered_model_alias", killed)
        with pytest.raises(KeyboardInterrupt):
            promote.promote()
    assert aliases() == {"staging": "2", "production": "2", "previous": "3"}
    assert rollback(lambda: None) == "1"
    assert aliases()["previous"] == "2"


def test_a_registry_that_does_not_answer_is_not_an_empty_one(monkeypatch) -> None:
    stage("1")

    def fails(*_: object) -> None:
        raise mlflow.MlflowException("the database is locked")

    monkeypatch.setattr(mlflow.MlflowClient, "get_registered_model", fails)
    with pytest.raises(mlflow.MlflowException):
        promote.promote()


@pytest.mark.parametrize("calls", [0, 1, 2])
def test_killed_between_the_aliases_there_is_one_production_and_the_next_run_ends_it(
    calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage("1")
    promote.promote()
    stage("2")
    real, made = mlflow.MlflowClient.set_registered_model_alias, []

    def killed(self: mlflow.MlflowClient, name: str, alias: str, version: str) -> None:
        if len(made) == calls:
            raise KeyboardInterrupt
        made.append(alias)
        real(self, name, alias, version)

    with monkeypatch.context() as patch:
        patch.setattr(mlflow.MlflowClient, "set_registered_model_alias", killed)
        try:
            promote.promote()
        except KeyboardInterrupt:
            assert aliases()["production"] in ("1", "2")
    assert promote.promote()
    assert aliases() == {"staging": "2", "production": "2", "previous": "1"}
