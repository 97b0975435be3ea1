"""Which reports are taken in, what is refused, and that nothing of the sender is kept."""

import json

import pytest
from counted import report
from starlette.testclient import TestClient

from weldspot.contracts.telemetry import TELEMETRY_BYTES
from weldspot.loop.telemetry import reports
from weldspot.server.app import create
from weldspot.server.options import ServerOptions, UploadLimits


def sent(client: TestClient, text: str | bytes):
    return client.post(
        "/api/telemetry", content=text, headers={"Content-Type": "application/json", "User-Agent": "anna"}
    )


def stored(workspace) -> list[str]:
    return sorted(path.name for path in (workspace.spool / reports.FOLDER).glob("*"))


def test_a_report_is_stored_and_a_replay_is_known(client, workspace):
    one = report(1)
    assert sent(client, one.model_dump_json(exclude_unset=True)).status_code == 201
    assert sent(client, one.model_dump_json(exclude_unset=True)).status_code == 200
    (path,) = (workspace.spool / reports.FOLDER).iterdir()
    assert json.loads(path.read_text()) == one.model_dump(exclude_unset=True), "as it was sent, and nothing besides"


def test_what_is_said_besides_is_not_kept(client, workspace):
    said = report(1).model_dump() | {"name": "anna", "address": "10.0.0.7"}
    assert sent(client, json.dumps(said)).status_code == 201
    (path,) = (workspace.spool / reports.FOLDER).iterdir()
    assert "anna" not in path.read_text()


@pytest.mark.parametrize(
    ("text", "status", "says"),
    [
        ("", 422, "can't be used"),
        ("[]", 422, "can't be used"),
        (b"\xff", 422, "can't be used"),
        (report(1).model_copy(update={"id": "../../evil"}).model_dump_json(), 422, "id"),
        (report(1).model_copy(update={"corrections": -1}).model_dump_json(), 422, "corrections"),
        (report(1).model_copy(update={"latency": [99] * 15}).model_dump_json(), 422, "latency"),
        (" " * (TELEMETRY_BYTES + 1), 413, "larger"),
    ],
)
def test_what_can_not_be_true_is_refused(client, workspace, text, status, says):
    answer = sent(client, text)
    assert answer.status_code == status
    assert says in answer.json()["error"]
    assert stored(workspace) == []


def test_a_day_has_an_end(workspace):
    options = ServerOptions(workspace, limits=UploadLimits(reports_per_day=3))
    with TestClient(create(options), base_url="http://localhost") as client:
        answers = [sent(client, report(number).model_dump_json()) for number in range(5)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429, 429]
    assert answers[-1].headers["Retry-After"]


def test_a_full_disk_is_a_sentence(client, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reports, "put", full)
    answer = sent(client, report(1).model_dump_json())
    assert answer.status_code == 507
    assert "later" in answer.json()["error"]
