"""With a key nothing moves that is not attested; and what `weldspot verify` says of files."""

from pathlib import Path

import pytest
from attested import made, registry_of

from weldspot.contracts.served import ServedManifest
from weldspot.loop.promotion.promote import promote
from weldspot.loop.publishing.publish import publish_production
from weldspot.loop.rollback import rollback
from weldspot.provenance import attest, verify
from weldspot.registry.model_registry import PREVIOUS, PRODUCTION
from weldspot.runtime.errors import WeldspotError
from weldspot.signing import keys
from weldspot.workspace import Workspace


def alias(workspace: Workspace, name: str, version: str) -> None:
    registry = registry_of(workspace)
    registry.client.set_registered_model_alias(registry.name, name, version)


def published(workspace: Workspace) -> str:
    return ServedManifest.read(workspace.published / "manifest.json").version


def test_promote_publish_and_rollback_want_it_attested(workspace: Workspace) -> None:
    first = made(workspace)
    with pytest.raises(WeldspotError, match=r"version 1: not attested, .*; `weldspot attest 1` signs it"):
        promote(workspace)
    assert PRODUCTION not in registry_of(workspace).aliases()
    alias(workspace, PRODUCTION, first)
    with pytest.raises(WeldspotError, match="version 1: not attested"):
        publish_production(workspace)
    assert not workspace.published.exists()
    attest.attest(workspace, registry_of(workspace), first)
    publish_production(workspace)
    assert published(workspace) == "1"

    second = made(workspace, b"another network")
    alias(workspace, PREVIOUS, second)
    with pytest.raises(WeldspotError, match="version 2: not attested"):
        rollback(workspace, lambda: publish_production(workspace))
    assert registry_of(workspace).aliases()[PRODUCTION] == "1"
    attest.attest(workspace, registry_of(workspace), second)
    before = verify.releases.opened(
        ServedManifest.read(workspace.published / "manifest.json"), keys.Trust.read(workspace.trust)
    )
    assert rollback(workspace, lambda: publish_production(workspace)) == "2"
    now = verify.releases.opened(
        ServedManifest.read(workspace.published / "manifest.json"), keys.Trust.read(workspace.trust)
    )
    assert (published(workspace), now.counter > before.counter) == ("2", True)


def test_a_served_manifest_is_verified(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    version = made(workspace)
    alias(workspace, PRODUCTION, version)
    attest.attest(workspace, registry_of(workspace), version)
    publish_production(workspace)
    path = workspace.published / "manifest.json"
    what = str(path.relative_to(workspace.root))
    capsys.readouterr()
    verify.show(workspace, what)
    said = capsys.readouterr().out
    assert "signed by the key that signs now" in said
    assert "taken in until" in said
    path.write_bytes(path.read_bytes().replace(b'"checks_passed": true', b'"checks_passed": false'))
    with pytest.raises(WeldspotError, match=r"^manifest\.json: what is signed in it is not what it says"):
        verify.show(workspace, what)
    path.write_bytes(workspace.artifact("export").joinpath("manifest.json").read_bytes())
    with pytest.raises(WeldspotError, match=r"manifest\.json: damaged"):
        verify.show(workspace, what)


def test_a_root_digest_is_over_the_digests_in_their_order() -> None:
    files = [
        verify.SignedFile(name=name, algorithm="sha256", digest=digit * 64) for name, digit in (("a", "0"), ("b", "1"))
    ]
    assert verify.root_digest(files) != verify.root_digest(files[::-1])
    assert Path(verify.BILL).suffix == ".json"
