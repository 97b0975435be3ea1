"""A training is known by what goes into it, and by nothing else."""

import os

from weldspot.config import parameters
from weldspot.tracking.experiment_key import experiment_key, read_key, write_key
from weldspot.workspace import Workspace


def test_the_key_changes_with_the_data_and_the_training_alone(workspace: Workspace) -> None:
    manifest, pictures = workspace.split_manifest, workspace.artifact("preprocess") / "images-00000.parquet"
    for file, content in ((manifest, b"a split"), (pictures, b"pictures")):
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    section = parameters.load(workspace.params).training
    key = experiment_key(workspace, [section])
    assert experiment_key(workspace, [section.model_copy(update={"seed": 1})]) != key
    pictures.write_bytes(b"the same pictures with other labels")
    assert experiment_key(workspace, [section]) != key
    pictures.write_bytes(b"pictures")
    manifest.write_bytes(b"another split")
    assert experiment_key(workspace, [section]) != key
    manifest.write_bytes(b"a split")
    os.utime(pictures, (0, 0))
    assert experiment_key(workspace, [section]) == key


def test_another_backend_is_another_training(workspace: Workspace, monkeypatch) -> None:
    workspace.split_manifest.parent.mkdir(parents=True)
    workspace.split_manifest.write_bytes(b"a split")
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    key = experiment_key(workspace, [])
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert experiment_key(workspace, []) != key


def test_it_lies_beside_the_model(workspace: Workspace) -> None:
    write_key(workspace.artifact("train"), "00ff")
    assert read_key(workspace) == "00ff"
