"""The desk in a terminal."""

from pathlib import Path

import pytest
from batches import batch
from reviews import HOSTILE
from uploads import upload

from weldspot.loop.desk import review
from weldspot.loop.desk.desk import Desk
from weldspot.loop.feedback import inbox
from weldspot.loop.review.log import Log
from weldspot.runtime.errors import WeldspotError
from weldspot.workspace import Workspace


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(_: Desk) -> None:
        raise WeldspotError("there is no model")

    monkeypatch.setattr(Desk, "measure", measure)
    monkeypatch.setattr(inbox, "track", lambda _: None)  # there is no repository here


def test_what_waits_is_shown_with_what_is_known(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    batch(workspace, *range(1, 25), via="network")
    review.decide(workspace, upload(1)[0], "accept", "rita", [], "")
    review.decide(workspace, upload(2)[0], "change", "rita", ["crack"], "")
    review.show(workspace)
    said = capsys.readouterr().out
    assert f"review: accept: {upload(1)[0]}\n" in said
    assert f"review: change: {upload(2)[0]} → Crack\n" in said
    assert "review: not asked of the production model: there is no model\n" in said
    assert "review: 22 corrections wait for a decision, 2 have one\n" in said
    assert "agreement 50% of 2 with anna" in said
    assert "and 2 more; all of them: `weldspot review --to FILE.csv`" in said


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_sender_steers_the_terminal(workspace: Workspace, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    batch(workspace, 1, via="network", note=HOSTILE[kind])
    review.show(workspace)
    lines = capsys.readouterr().out.splitlines()
    assert all(line.isprintable() for line in lines)
    assert not any(line.startswith("weldspot:") for line in lines)


def test_by_a_table(workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batch(workspace, 1, 2, via="network")
    path = tmp_path / "waiting.csv"
    review.write(workspace, path)
    path.write_text(path.read_text().replace(f"{upload(1)[0]},,", f"{upload(1)[0]},accept,"))
    review.read(workspace, path, " Rita ")
    assert {one.by for one in Log(workspace).all()} == {"Rita"}
    assert "review: 1 decision(s) written down" in capsys.readouterr().out
    with pytest.raises(WeldspotError, match="no name of a reviewer"):
        review.read(workspace, path, "")


def test_asking_the_model_alone(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    review.measure(workspace)
    assert capsys.readouterr().out == "", "nothing waits"
