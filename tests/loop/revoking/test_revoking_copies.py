"""Where photographs lie, and that they leave; what belongs to others stays as it was."""

import pytest
from batches import sent
from uploads import jpeg, upload

from weldspot.loop.feedback import feedback_batches, inbox, quarantine
from weldspot.loop.feedback.spool import Spool
from weldspot.loop.revoking.copies import find, remove
from weldspot.loop.revoking.target import Target
from weldspot.workspace import Workspace

ANNA = Target(kind="uploader", name="anna")


def origins(workspace: Workspace) -> set[str]:
    paths = [*workspace.feedback.glob("*.parquet"), *inbox.waiting(workspace)]
    return {name for path in paths for name in feedback_batches.origins(path)}


def test_everything_of_an_uploader_is_found(project: Workspace) -> None:
    found = find(project, ANNA)
    assert found.counts == {"data/feedback": 10, "the inbox": 5, "quarantine": 1, "the spool": 2}
    assert found.uploads == {upload(number)[0] for number in range(18)}
    assert len(found.photographs) == 15
    assert set(found.images.values()) == {jpeg(number) for number in range(18)}


@pytest.mark.parametrize("number", [3, 12, 15, 16, 17])
def test_one_upload_leaves_and_all_others_stay(project: Workspace, number: int) -> None:
    name = upload(number)[0]
    target = Target(kind="upload", name=name)
    found = find(project, target)
    assert sum(found.counts.values()) == 1
    before = find(project, ANNA)
    remove(project, target, found.uploads)
    after = find(project, ANNA)
    assert after.uploads == before.uploads - {name}
    assert set(before.images.values()) - set(after.images.values()) == {jpeg(number)}
    assert not find(project, target)


def test_a_batch_goes_whole_and_twice_is_as_once(project: Workspace) -> None:
    (path,) = project.feedback.glob("*.parquet")
    target = Target(kind="batch", name=path.name)
    found = find(project, target)
    for _ in range(2):
        remove(project, target, found.uploads)
        assert not path.exists()
    assert find(project, ANNA).counts == {"the inbox": 5, "quarantine": 1, "the spool": 2}


def test_what_waits_and_was_judged_is_judged_anew_without_what_has_left(project: Workspace) -> None:
    mine, theirs = inbox.waiting(project)[0], sent(project, [(jpeg(99), "Crack")])
    said = inbox.Judged(outcome="drift", model="ab" * 32, at="2026-05-01T12:00:00+00:00")
    inbox.record(project, [mine, theirs], said)
    target = Target(kind="upload", name=upload(11)[0])
    remove(project, target, find(project, target).uploads)
    assert set(inbox.judged(project)) == {theirs.name}
    assert upload(11)[0] not in origins(project)
    assert upload(12)[0] in origins(project)


def test_another_uploader_is_untouched(project: Workspace) -> None:
    path = sent(project, [(jpeg(3), "Crack")], uploader="berta")
    remove(project, ANNA, find(project, ANNA).uploads)
    assert inbox.waiting(project) == [path]
    assert quarantine.entries(project) == list(Spool(project.spool).stored()) == []
    assert find(project, ANNA).counts == {}


def test_what_a_reviewer_has_refused_leaves_too(project: Workspace) -> None:
    refused = inbox.waiting(project)[0]
    project.rejected.mkdir(parents=True, exist_ok=True)
    moved = refused.rename(project.rejected / refused.name)
    found = find(project, ANNA)
    assert found.counts["what was refused"] == 5
    remove(project, ANNA, found.uploads)
    assert not moved.exists()
