"""A real registry with three versions of a model, whose files and answers are made up."""

from collections.abc import Callable
from pathlib import Path

import mlflow
import numpy as np
import pyarrow as pa
from exported import manifest
from weld_classes import WELD

from weldspot.config import parameters
from weldspot.contracts.manifest import Manifest
from weldspot.images.dataset import Images
from weldspot.loop.promotion import heldout
from weldspot.registry import versions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.workspace import Workspace

NAME = "weldspot"
RNG = np.random.default_rng(0)
TRUTH = np.eye(7, dtype=np.uint8)[RNG.integers(7, size=300)]
GROUPS = np.array([f"scene{i // 2}" for i in range(300)])
FEEDBACK = 250  # the first photograph that a welder sent


def fill(database: Path) -> None:
    """Makes the registry."""
    mlflow.set_tracking_uri(f"sqlite:///{database}")
    client = mlflow.MlflowClient()
    client.create_experiment(NAME, artifact_location=(database.parent / "artifacts").as_uri())
    client.create_registered_model(NAME)
    for number in (1, 2, 3):
        client.create_model_version(NAME, str(database.parent), tags={"sha256": str(number) * 64, "checks": "passed"})
    mlflow.set_tracking_uri(None)


def answers(skill: float | np.ndarray) -> np.ndarray:
    """Scores that are the better the larger the skill is, of all classes or of each."""
    rng = np.random.default_rng(1)
    return (1 / (1 + np.exp(-(TRUTH * skill + rng.normal(size=TRUTH.shape))))).astype(np.float32)


class World:
    """`skill`: version → scores; `newest`: the first photograph of the newest feedback; `manifests`: version → its own.

    A test may change them.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
        self.skill = {"1": answers(2.0), "2": answers(3.0), "3": answers(1.0)}
        self.newest = 270
        self.brightness = np.repeat(["low", "middle", "high"], 100)
        self.manifests: dict[str, Manifest] = {}

    def install(self, set_attribute: Callable[..., None]) -> None:
        """In place of downloads, of the photographs and of the TFLite runtime."""
        set_attribute(versions, "fetch_version", self._fetched)
        set_attribute(heldout, "common", self._common)
        set_attribute(heldout, "score", lambda version, _: self.skill[version.version])

    def aliases(self) -> dict[str, str]:
        return self.registry.aliases()

    def stage(self, version: str) -> None:
        self.registry.client.set_registered_model_alias(NAME, "staging", version)

    def tags(self, version: str) -> dict[str, str]:
        return self.registry.tags(version)

    def _fetched(self, _: ModelRegistry, version: str, folder: Path) -> ModelVersion:
        said = self.manifests.get(version, manifest())
        return ModelVersion(version, version * 64, folder, said, folder, folder)

    def _common(self, *_: object) -> heldout.HeldOut:
        nothing = pa.chunked_array([pa.array([b""] * 300, pa.binary())])
        images = Images(WELD, [str(i) for i in range(300)], np.zeros(300, int), TRUTH, GROUPS, nothing)
        slicings = {"brightness": self.brightness}
        return heldout.HeldOut(images, np.arange(300) >= FEEDBACK, np.arange(300) >= self.newest, slicings)
