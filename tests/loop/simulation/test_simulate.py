"""Simulated feedback goes the way of all feedback: spool, metadata, batch."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from exported import manifest
from weld_classes import CLASSES

from weldspot.loop.feedback import inbox
from weldspot.loop.simulation import simulate as module
from weldspot.loop.simulation.simulate import UPLOADER, simulate
from weldspot.registry import versions
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

SHA256 = "ab" * 32


class Phone:
    """Sure of the third class, as float noise beyond 1."""

    def __init__(self, path: Path) -> None:
        pass

    def __call__(self, image: np.ndarray) -> tuple[np.ndarray, None]:
        assert image.shape == (96, 96, 3), "the model's own size, not that of params.yaml"
        return np.array([0, 0, 1.0000001, 0, 0, 0, 0], np.float32), None


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The aliases that were fetched."""
    found: list[str] = []

    def fetch(_: ModelRegistry, alias: str, folder: Path) -> ModelVersion:
        found.append(alias)
        return ModelVersion("4", SHA256, folder, manifest(), folder, folder)

    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    monkeypatch.setattr(versions, "fetch", fetch)
    monkeypatch.setattr(ModelRegistry, "aliases", lambda _: {"staging": "4"})
    monkeypatch.setattr(module, "PhoneModel", Phone)
    monkeypatch.setattr(inbox, "track", lambda _: None)
    return found


def test_uploads_become_a_batch_scored_by_the_model(
    workspace: Workspace, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    result = simulate(workspace, "none", 3, 1_000_001)
    assert (result.images, result.batches, result.failed) == (3, 1, {})
    assert asked == ["staging"], "before there is a production"
    assert "simulate: 3 uploads (none, seed 1000001), scored by version 4 (staging)\n" in capsys.readouterr().out
    rows = pq.read_table(inbox.waiting(workspace)[0]).to_pylist()
    assert all(row["origin"].startswith(f"feedback/{UPLOADER}/") for row in rows)
    assert all((row["model"], row["classes"]) == (SHA256, list(CLASSES)) for row in rows)
    assert all(row["scores"][2] == 1.0 and row["scores"][0] == 0.0 for row in rows)


def test_without_a_seed_the_photographs_are_new(workspace: Workspace) -> None:
    assert simulate(workspace, "none", 2, None).images == 2
    assert simulate(workspace, "none", 2, None).images == 2


def test_production_goes_before_staging(
    workspace: Workspace, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ModelRegistry, "aliases", lambda _: {"staging": "4", "production": "3"})
    simulate(workspace, "none", 1, 5)
    assert asked == ["production"]


def test_classes_that_the_renderer_does_not_draw_are_one_line(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.shifts, "photograph", lambda *_: None)
    with pytest.raises(
        WeldspotError, match=r"^simulate: none of 200 rendered photographs shows one of the classes Background, "
    ):
        simulate(workspace, "none", 100, 5)
