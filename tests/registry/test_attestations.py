"""Files beside a version's own: put there, read, replaced; what is theirs and what is the version's."""

import tempfile
from pathlib import Path

import pytest
from attested import made, registry_of

from weldspot.registry import attestations, versions
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


def test_put_read_and_replaced_beside_the_versions_own_files(workspace: Workspace, tmp_path: Path) -> None:
    version, registry = made(workspace, key=False), registry_of(workspace)
    with tempfile.TemporaryDirectory() as folder:
        before = attestations.files(versions.fetch_version(registry, version, Path(folder)))
    for data in (b"one", b"two"):
        attestations.add(registry, version, {"said.json": data})
        with tempfile.TemporaryDirectory() as folder:
            found = versions.fetch_version(registry, version, Path(folder))
            assert attestations.read(found, "said.json") == data
            assert attestations.read(found, "never.json") is None
            assert attestations.files(found) == before
    assert Path("MLmodel") in before


def test_a_version_without_a_folder_of_its_own_is_a_line(workspace: Workspace) -> None:
    made(workspace, key=False)
    registry = registry_of(workspace)
    old = registry.client.create_model_version(registry.name, workspace.root.as_uri())
    with pytest.raises(WeldspotError, match="registered by an older MLflow"):
        attestations.add(registry, str(old.version), {"said.json": b""})
