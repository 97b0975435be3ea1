"""Firebase ML through Google's real SDK: one model, whatever breaks on the way."""

import pytest
from exported import export
from google_double import BUCKET, Fault, Google

from weldspot.config.sections.loop import Publish
from weldspot.loop.publishing.firebase_ml import FirebaseMl
from weldspot.loop.publishing.publish import publish
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace

SECTION = Publish(targets=["firebase_ml"], bucket=BUCKET)


def only_model(google: Google) -> dict:
    assert len(google.ml.models) == 1
    return next(iter(google.ml.models.values()))


@pytest.mark.parametrize("kind", [429, 500, 503, "reset", "hang"])
def test_firebase_ml_faults_are_retried(google: Google, workspace: Workspace, kind: int | str) -> None:
    file, published = export(workspace.root, "1")
    google.faults = [
        Fault(r"GET .*/models\?", kind),
        Fault("POST .*/models$", kind, late=True),
        Fault("GET .*/operations/", kind),
        Fault("PATCH .*updateMask", kind),
        Fault("PATCH .*updateMask", kind, late=True),
    ]
    publish(workspace, file, published, ["firebase_ml"], SECTION)
    assert [fault.times for fault in google.faults] == [0] * 5
    model = only_model(google)
    assert model["modelHash"] == published.sha256
    assert model["state"]["published"]


def test_a_create_whose_answer_is_lost_makes_one_model(google: Google, workspace: Workspace) -> None:
    file, published = export(workspace.root, "1")
    google.ml.duplicates = True
    google.faults = [Fault("POST .*/models$", 429, late=True)]
    publish(workspace, file, published, ["firebase_ml"], SECTION)
    assert only_model(google)["state"]["published"]


def test_a_file_that_firebase_rejects(google: Google, workspace: Workspace) -> None:
    file, published = export(workspace.root, "1")
    google.ml.rejects = "not a TFLite file"
    with pytest.raises(WeldspotError, match="does not accept weldspot: not a TFLite file"):
        publish(workspace, file, published, ["firebase_ml"], SECTION)
    google.ml.rejects = ""
    for again in (
        export(workspace.root, "1"),
        export(workspace.root, "2"),
    ):  # the same file is sent again, a better one too
        publish(workspace, *again, ["firebase_ml"], SECTION)
        assert only_model(google)["state"]["published"]


def test_a_name_that_firebase_can_not_have(google: Google, workspace: Workspace) -> None:
    with pytest.raises(WeldspotError, match="can't be a name on Firebase ML"):
        FirebaseMl(workspace.settings, BUCKET, "ä" * 3)
    assert google.requests == []


def test_a_model_that_was_taken_off_the_air_is_not_served(google: Google, workspace: Workspace) -> None:
    target = FirebaseMl(workspace.settings, BUCKET, "weldspot")
    file, published = export(workspace.root, "1")
    assert target.publish(file, published)
    only_model(google)["state"]["published"] = False
    assert target.served() is None
    assert target.publish(file, published), "and is put there again"
    assert not target.publish(file, published)
