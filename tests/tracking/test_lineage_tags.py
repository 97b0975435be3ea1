"""What a run says of where it was made."""

from weldspot.runtime import git
from weldspot.tracking import lineage_tags
from weldspot.workspace import Workspace


def test_a_folder_without_git_and_dvc_says_so(workspace: Workspace) -> None:
    assert lineage_tags.data_tags(workspace.root, "train") == {"dvc.lock": "none"}
    assert lineage_tags.tags(workspace.root)["git.commit"] == "none"


def test_machine_experiment_and_backend_are_named(workspace: Workspace, monkeypatch) -> None:
    monkeypatch.setenv("DVC_EXP_NAME", "warm")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setattr(git, "head", lambda root: f"the commit of {root.name}")
    tags = lineage_tags.tags(workspace.root)
    assert tags["git.commit"] == f"the commit of {workspace.root.name}"
    assert (tags["dvc.exp_name"], tags["keras.backend"]) == ("warm", "jax")
    assert tags["device.cpu"]
