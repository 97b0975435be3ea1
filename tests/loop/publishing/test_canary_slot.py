"""A challenger beside the manifest, in a folder and in a bucket."""

from collections.abc import Callable
from pathlib import Path

import pytest
from exported import changed, export
from google_double import BUCKET, Google

from weldspot.contracts.served import ServedManifest
from weldspot.loop.publishing.canary_slot import Slot
from weldspot.loop.publishing.firebase_storage import FirebaseStorage
from weldspot.loop.publishing.local import Local
from weldspot.runtime.state_files import Damaged
from weldspot.workspace import Workspace

Place = tuple[Local | FirebaseStorage, Callable[[bytes], None]]


@pytest.fixture(params=["local", "bucket"])
def place(request: pytest.FixtureRequest, workspace: Workspace) -> Place:
    """A target, and what writes its canary.json."""
    if request.param == "local":
        return Local(workspace.published), (workspace.published / "canary.json").write_bytes
    google: Google = request.getfixturevalue("google")
    target = FirebaseStorage(workspace.settings, BUCKET, "weldspot")
    return target, lambda data: google.storage.put(BUCKET, "models/weldspot/canary.json", data)


def test_it_is_offered_widened_and_withdrawn_and_the_others_keep_theirs(place: Place, tmp_path: Path) -> None:
    target, _ = place
    (old, before), (new, challenger) = export(tmp_path, "1"), export(tmp_path, "2")
    target.publish(old, before)
    slot: Slot = target.canary()
    assert slot.served() is None
    assert slot.publish(new, challenger, 0.1)
    assert not slot.publish(new, changed(challenger, published="2099-01-01T00:00:00+00:00"), 0.1), "it says the same"
    assert slot.publish(new, challenger, 0.5)
    found = slot.found()
    assert found is not None
    assert (found.share, found.manifest) == (0.5, ServedManifest.of(challenger))
    assert target.served() == ServedManifest.of(before)
    slot.withdraw()
    slot.withdraw()
    assert slot.served() is None
    assert target.served() == ServedManifest.of(before)


def test_a_damaged_one_is_said_and_written_anew(place: Place, tmp_path: Path) -> None:
    target, write = place
    new, challenger = export(tmp_path, "2")
    target.publish(*export(tmp_path, "1"))
    write(b"{torn")
    with pytest.raises(Damaged, match=r"canary\.json: damaged \([^\n]+\); `weldspot publish` writes it anew"):
        target.canary().served()
    assert target.canary().publish(new, challenger, 0.1)
    assert target.canary().served() == ServedManifest.of(challenger)


def test_what_is_tried_is_not_swept_away_by_what_is_published(workspace: Workspace, tmp_path: Path) -> None:
    target = Local(workspace.published)
    target.publish(*export(tmp_path, "1"))
    new, challenger = export(tmp_path, "2")
    target.canary().publish(new, challenger, 0.1)
    for number in "3456":
        target.publish(*export(tmp_path, number))
        assert (workspace.published / challenger.file).read_bytes() == new.read_bytes()
    target.canary().withdraw()
    for number in "78":
        target.publish(*export(tmp_path, number))
    assert not (workspace.published / challenger.file).exists()
