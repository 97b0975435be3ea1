"""Publishing through Google's real SDKs, over the wire, against doubles on a loopback port."""

import pytest
import yaml
from exported import changed, export, manifest
from google_double import BUCKET, Fault, Google

from weldspot.config import parameters
from weldspot.config.sections.loop import Publish
from weldspot.contracts.manifest import PublishedManifest
from weldspot.loop.google import retries
from weldspot.loop.publishing.publish import publish, publish_production, served, target
from weldspot.registry import versions
from weldspot.registry.versions import ModelVersion
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

SECTION = Publish(targets=["firebase_ml"], bucket=BUCKET)
EVERY = ["local", "firebase_ml", "firebase_storage"]


def only_model(google: Google) -> dict:
    assert len(google.ml.models) == 1
    return next(iter(google.ml.models.values()))


def stored(google: Google) -> PublishedManifest:
    data = google.storage.buckets[BUCKET]["models/weldspot/manifest.json"].data
    return PublishedManifest.parse(data, "models/weldspot/manifest.json")


def lying(workspace: Workspace) -> PublishedManifest:
    return PublishedManifest.read(workspace.published / "manifest.json")


@pytest.mark.parametrize("unpublishes", [True, False])
def test_created_once_updated_after_and_rolled_back(google: Google, workspace: Workspace, unpublishes: bool) -> None:
    google.ml.polls, google.ml.unpublishes = 3, unpublishes
    first, second = export(workspace.root, "1"), export(workspace.root, "2")
    for file, published in (first, second, first):
        results = publish(workspace, file, published, EVERY, SECTION)
        assert [(r.target, r.version, r.changed) for r in results] == [(n, published.version, True) for n in EVERY]
        model = only_model(google)
        assert model["modelHash"] == published.sha256
        assert model["state"]["published"]
        assert model["tags"] == [f"version-{published.version}", f"sha-{published.sha256[:12]}"]
        assert stored(google) == lying(workspace) == published
        for name in EVERY:
            now = target(workspace, name, SECTION, "weldspot").served()
            assert now is not None
            assert (now.version, now.sha256) == (published.version, published.sha256)
    assert google.ml.published == [m.sha256 for _, m in (first, second, first)]


def test_what_is_there_already_is_left_alone(google: Google, workspace: Workspace) -> None:
    file, published = export(workspace.root, "1")
    publish(workspace, file, published, EVERY, SECTION)
    google.requests.clear()
    later = changed(published, published="2099-01-01T00:00:00+00:00")
    assert [r.changed for r in publish(workspace, file, later, EVERY, SECTION)] == [False] * 3
    assert google.requests
    assert google.writes == []
    assert stored(google) == lying(workspace) == published


def test_a_fault_that_stays_is_one_line_and_the_next_run_goes_on(
    google: Google, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, published = export(workspace.root, "1")
    monkeypatch.setattr(retries, "GIVE_UP_AFTER", 0.3)
    google.faults = [Fault("PATCH", 503, times=1000)]
    with pytest.raises(WeldspotError, match=r"^firebase_ml: .*busy"):
        publish(workspace, file, published, EVERY, SECTION)
    assert stored(google) == published  # the other targets got theirs
    google.faults.clear()
    assert [r.changed for r in publish(workspace, file, published, EVERY, SECTION)] == [False, True, False]
    assert only_model(google)["state"]["published"]


def test_wrong_targets_and_wrong_files(google: Google, workspace: Workspace) -> None:
    file, published = export(workspace.root, "1")
    with pytest.raises(WeldspotError, match="cloud: choose from local"):
        publish(workspace, file, published, ["cloud"], SECTION)
    with pytest.raises(WeldspotError, match="can't be a name on Firebase ML"):
        publish(workspace, file, changed(published, name="weld spot"), ["firebase_ml"], SECTION)
    file.write_bytes(b"other")
    with pytest.raises(WeldspotError, match="SHA-256 is not the manifest's"):
        publish(workspace, file, published, ["local"], SECTION)
    assert google.requests == []


def test_production_goes_to_the_targets_of_params(
    google: Google, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(workspace, EVERY, BUCKET)
    file, published = export(workspace.root, "7")
    found = ModelVersion("7", published.sha256, file, manifest(file.read_bytes()), file, file)
    monkeypatch.setattr(versions, "fetch", lambda _, alias, __: found if alias == "production" else None)
    assert set(served(workspace, parameters.load(workspace.params)).values()) == {None}
    assert [r.target for r in publish_production(workspace)] == EVERY
    now = served(workspace, parameters.load(workspace.params))
    for name in EVERY:
        there = now[name]
        assert there is not None
        assert not isinstance(there, WeldspotError)
        assert (there.version, there.sha256) == ("7", published.sha256)
    assert [r.target for r in publish_production(workspace, ["local"])] == ["local"]
    configure(workspace, ["local", "firebase_storage"], "no-such-bucket")
    broken = served(workspace, parameters.load(workspace.params))
    assert isinstance(broken["local"], PublishedManifest)
    assert "no such bucket" in str(broken["firebase_storage"])


def configure(workspace: Workspace, targets: list[str], bucket: str) -> None:
    params = yaml.safe_load(workspace.params.read_text())
    params["loop"]["publish"] = {"targets": targets, "bucket": bucket}
    workspace.params.write_text(yaml.safe_dump(params))
