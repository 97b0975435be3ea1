"""From where reports arrive into the data, each once, wherever it is stopped."""

import pytest
from counted import report
from google_double import BUCKET, Google

from weldspot.config import parameters
from weldspot.loop.telemetry import gathering, reports
from weldspot.loop.telemetry.gathering import Gathered, Remote, Spooled, gather
from weldspot.workspace import Workspace


def put(workspace: Workspace, *numbers: int) -> None:
    for number in numbers:
        reports.put(workspace.spool, report(number))


def test_what_came_is_in_the_data_once_and_the_spool_is_empty(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    put(workspace, 1, 2)
    result = gather(workspace)
    assert result == Gathered(2, 0)
    put(workspace, 2, 3)  # a phone that has heard no answer sends again
    assert gather(workspace).new == 1
    assert [one.id for one in reports.read(workspace)] == [report(number).id for number in (1, 2, 3)]
    assert not list(Spooled(workspace.spool).names())
    gathering.say(result)
    assert "2 report(s) of phones" in capsys.readouterr().out
    gathering.say(Gathered())
    assert capsys.readouterr().out == ""


def test_stopped_before_the_spool_is_emptied_nothing_is_there_twice(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(workspace, 1, 2)
    with monkeypatch.context() as patched:
        patched.setattr(Spooled, "remove", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            gather(workspace)
    gather(workspace)
    assert len(list(reports.read(workspace))) == 2
    assert not list(Spooled(workspace.spool).names())


@pytest.mark.parametrize("data", [b"", b"{torn", b"[]", b"\xff", b"{}", b" " * 20_000])
def test_what_is_no_report_is_thrown_away_and_counted(workspace: Workspace, data: bytes) -> None:
    put(workspace, 1)
    (workspace.spool / "telemetry/x.json").write_bytes(data)
    assert gather(workspace) == Gathered(1, 1)
    assert not list(Spooled(workspace.spool).names())


def test_from_a_bucket(google: Google, workspace: Workspace) -> None:
    one = report(1)
    google.storage.put(BUCKET, f"telemetry/{one.id}.json", one.model_dump_json().encode())
    google.storage.put(BUCKET, "telemetry/x.json", b"{torn")
    section = parameters.load(workspace.params).loop.collect.model_copy(update={"bucket": BUCKET})
    remote = Remote(section, workspace.settings)
    assert gather(workspace, remote) == Gathered(1, 1)
    assert list(reports.read(workspace)) == [one]
    assert list(remote.names()) == []
    remote.remove("telemetry/x.json")  # what is gone stays gone
    assert remote.read("telemetry/x.json") is None
