"""One reading of the loop's files, for the page and for status."""

import contract_examples
import pytest
from uploads import upload

from weldspot.loop import loop_state
from weldspot.loop.feedback.inventory import inventory
from weldspot.loop.feedback.spool import put
from weldspot.workspace import Workspace


def test_an_empty_workspace_has_a_state(workspace: Workspace) -> None:
    state = loop_state.read(workspace)
    assert (state.verdict, state.report, state.surprises, state.manifest) == (None, False, False, None)
    assert state.damaged == ()
    assert state.feedback == inventory(workspace)


def test_it_says_what_the_gate_left_and_what_phones_get(workspace: Workspace) -> None:
    folder = workspace.report("gate")
    folder.mkdir(parents=True)
    workspace.verdict.write_bytes(contract_examples.verdict().json_bytes())
    (folder / "report.html").write_text("a report")
    put(workspace.spool, *upload(1))
    manifest = contract_examples.published()
    state = loop_state.read(workspace, manifest)
    assert state.verdict == contract_examples.verdict()
    assert (state.report, state.surprises) == (True, False)
    assert state.manifest == manifest
    assert state.feedback.received == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "\0"])
def test_what_can_not_be_read_is_named_and_counts_for_nothing(workspace: Workspace, text: str) -> None:
    damaged = [
        workspace.inbox / "20260601T080000-0123456789ab.parquet",
        workspace.verdict,
        workspace.published / "manifest.json",
        workspace.artifact("export") / "manifest.json",
    ]
    for path in damaged:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    state = loop_state.read(workspace)
    assert [one.path for one in state.damaged] == damaged
    assert [one.path for one in state.feedback.damaged] == damaged[:1]
    assert state.verdict is None
    assert state.feedback.waiting == 0
