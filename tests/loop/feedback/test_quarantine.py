"""What can't be used is kept whole, under its own name."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.loop.feedback import quarantine
from weldspot.workspace import Workspace


def test_bytes_reason_and_metadata_are_kept(workspace: Workspace) -> None:
    quarantine.keep(workspace, "feedback/anna/1.jpg", b"not a picture", {"labels": "Rost"}, "no labels")
    (entry,) = quarantine.entries(workspace)
    assert entry.with_suffix(".bin").read_bytes() == b"not a picture"
    kept = {"name": "feedback/anna/1.jpg", "reason": "no labels", "metadata": {"labels": "Rost"}}
    assert json.loads(entry.read_text()) == kept


@settings(deadline=None, max_examples=30)
@given(st.sets(st.text(min_size=1), max_size=8))
def test_whatever_the_names_none_is_lost_or_counted_twice(
    tmp_path_factory: pytest.TempPathFactory, names: set[str]
) -> None:
    workspace = Workspace(tmp_path_factory.mktemp("quarantine"))
    for name in [*names, *names]:
        quarantine.keep(workspace, name, b"", {}, "why")
    assert quarantine.names(workspace) == names
