"""What is published is signed where there is a key: for what is new, above what was there, and by a rollback too."""

import hashlib
from pathlib import Path

import pytest
from exported import changed, export
from google_double import BUCKET, Google

from weldspot.config.sections.loop import Publish
from weldspot.contracts.manifest import PublishedManifest
from weldspot.contracts.served import Release, ServedManifest
from weldspot.loop.publishing import sealing
from weldspot.loop.publishing.publish import publish
from weldspot.runtime.errors import WeldspotError
from weldspot.server.models import Models
from weldspot.signing import dsse, keys, releases, trust
from weldspot.workspace import Workspace

SECTION = Publish(targets=["local"], bucket=BUCKET)


def signed_by(workspace: Workspace, served: ServedManifest) -> Release:
    signer = trust.signer(workspace)
    assert signer is not None
    return releases.opened(served, signer.trust)


def lying(workspace: Workspace) -> ServedManifest:
    return ServedManifest.read(workspace.published / "manifest.json")


def stored(google: Google) -> ServedManifest:
    data = google.storage.buckets[BUCKET]["models/weldspot/manifest.json"].data
    return ServedManifest.parse(data, "models/weldspot/manifest.json")


def test_without_a_key_nothing_changes_and_one_line_says_so(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    file, manifest = export(workspace.root, "1")
    publish(workspace, file, manifest, ["local"], SECTION)
    assert lying(workspace).json_bytes() == manifest.json_bytes()
    assert capsys.readouterr().out.count("not signed, this repository has no key") == 1


def test_signed_on_every_target_and_left_alone_the_next_time(google: Google, workspace: Workspace) -> None:
    keys.make(workspace, 730, False)
    file, manifest = export(workspace.root, "1")
    every = ["local", "firebase_ml", "firebase_storage"]
    assert all(result.changed for result in publish(workspace, file, manifest, every, SECTION))
    for served in (lying(workspace), stored(google)):
        assert signed_by(workspace, served).manifest == manifest
    before = lying(workspace), stored(google)
    google.requests.clear()
    later = changed(manifest, published="2099-01-01T00:00:00+00:00")
    assert not any(result.changed for result in publish(workspace, file, later, every, SECTION))
    assert google.writes == []
    assert (lying(workspace), stored(google)) == before


def test_the_counter_grows_also_by_a_rollback_and_under_a_clock_that_was_set_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.make(workspace, 730, False)
    first, second = export(workspace.root, "1"), export(workspace.root, "2")
    counters = []
    for now, (file, manifest) in ((1_800_000_000, first), (1_800_000_000, second), (1_000, first), (2_000, second)):
        monkeypatch.setattr(sealing.time, "time", lambda now=now: now)
        publish(workspace, file, manifest, ["local"], SECTION)
        assert lying(workspace).version == manifest.version
        counters.append(signed_by(workspace, lying(workspace)).counter)
    assert counters == sorted(set(counters))
    assert counters[0] == 1_800_000_000


def test_signed_anew_where_it_was_changed_is_unsigned_damaged_or_of_the_key_before(workspace: Workspace) -> None:
    file, manifest = export(workspace.root, "1")
    publish(workspace, file, manifest, ["local"], SECTION)  # unsigned
    keys.make(workspace, 730, False)
    path = workspace.published / "manifest.json"
    for spoil in (
        lambda: None,
        lambda: path.write_bytes(path.read_bytes().replace(b'"version": "1"', b'"version": "9"')),
        lambda: path.write_bytes(b"half"),
        lambda: keys.rotate(workspace, 730, None),
    ):
        spoil()
        assert [result.changed for result in publish(workspace, file, manifest, ["local"], SECTION)] == [True]
        assert signed_by(workspace, lying(workspace)).manifest == manifest
        assert [result.changed for result in publish(workspace, file, manifest, ["local"], SECTION)] == [False]


def test_with_trust_and_no_key_here_nothing_is_published(workspace: Workspace) -> None:
    keys.make(workspace, 730, False)
    file, manifest = export(workspace.root, "1")
    publish(workspace, file, manifest, ["local"], SECTION)
    before = lying(workspace)
    workspace.signing_key.rename(workspace.root / "elsewhere.pem")
    other, newer = export(workspace.root, "2")
    with pytest.raises(WeldspotError, match="there is no key here: set WELDSPOT_SIGNING_KEY"):
        publish(workspace, other, newer, ["local"], SECTION)
    assert lying(workspace) == before


def test_the_server_hands_the_signature_on_byte_for_byte(workspace: Workspace) -> None:
    keys.make(workspace, 730, False)
    file, manifest = export(workspace.root, "1")
    publish(workspace, file, manifest, ["local"], SECTION)
    found = Models(workspace).manifest()
    assert isinstance(found, ServedManifest)
    assert found == lying(workspace)
    assert signed_by(workspace, ServedManifest.model_validate(found.model_dump(mode="json", exclude_unset=True)))


def test_readers_that_know_no_signatures_find_the_same_manifest(workspace: Workspace) -> None:
    keys.make(workspace, 730, False)
    file, manifest = export(workspace.root, "1")
    publish(workspace, file, manifest, ["local"], SECTION)
    assert PublishedManifest.read(workspace.published / "manifest.json") == manifest


def test_the_private_key_is_in_nothing_that_is_published(workspace: Workspace, tmp_path: Path) -> None:
    keys.make(workspace, 730, False)
    file, manifest = export(workspace.root, "1")
    publish(workspace, file, manifest, ["local"], SECTION)
    secret = workspace.signing_key.read_text().splitlines()[1].encode()
    written = [path for path in workspace.root.rglob("*") if path.is_file() and path.suffix != ".pem"]
    assert written
    assert not [path for path in written if secret in path.read_bytes()]
    signer = trust.signer(workspace)
    assert signer is not None
    assert hashlib.sha256(dsse.raw(signer.private)).hexdigest() in (workspace.published / "manifest.json").read_text()
