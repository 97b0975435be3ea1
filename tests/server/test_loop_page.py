"""The page about the loop."""

import re
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import contract_examples
import mlflow
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from counted import A, B, days

from weldspot.loop import status
from weldspot.loop.feedback import collect, feedback_batches, inbox
from weldspot.loop.publishing import course as courses
from weldspot.loop.publishing.course import Course
from weldspot.loop.telemetry import reports
from weldspot.runtime import dvc_commands

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def verdict(workspace) -> Callable[..., Path]:
    """Writes a verdict; the folder in which it lies."""

    def write(**changes: object) -> Path:
        workspace.verdict.parent.mkdir(parents=True, exist_ok=True)
        workspace.verdict.write_bytes(contract_examples.verdict(**changes).json_bytes())
        return workspace.verdict.parent

    return write


def batch(folder, name, ids):
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{"id": one, "labels": ["Crack"], "origin": f"feedback/welder-1/{one}.jpg"} for one in ids]
    pq.write_table(pa.Table.from_pylist(rows, schema=feedback_batches.SCHEMA), folder / name)


def counts(page: str) -> list[int]:
    """Received, waiting, admitted, in quarantine."""
    steps = [int(count.replace(",", "")) for count in re.findall(r"<dd>([\d,]+)</dd><p>", page)]
    quarantined = re.search(r"([\d,]+) in quarantine", page)
    return [*steps, int(quarantined[1]) if quarantined else 0]


def test_a_new_project_says_what_comes_first(client):
    page = client.get("/loop").text
    assert "Nothing has been collected yet" in page
    assert "weldspot gate" in page
    assert "Version 3" in page


def test_it_counts_what_lies_where(client, workspace, shot, send):
    collected = [shot(number) for number in range(3)]
    for one in [*collected, shot(7)]:
        assert send(client, one).status_code == 201
    ids = [one.path.split("/")[-1] for one in collected]
    batch(workspace.inbox, "20261123T101500-0123456789ab.parquet", ids)
    batch(workspace.feedback, "20261122T101500-0123456789ab.parquet", [str(uuid.uuid4()) for _ in range(1234)])
    (workspace.inbox / "20261124T101500-damaged.parquet").write_bytes(b"not parquet")
    page = client.get("/loop").text
    assert "<dd>1</dd>" in page  # only what is not collected yet
    assert "<dd>3</dd>" in page
    assert "<dd>1,234</dd>" in page
    assert counts(page) == [1, 3, 1234, 0]
    assert "24 November 2026" in page
    assert "<code>data/inbox/20261124T101500-damaged.parquet</code>" in page


def test_the_verdict_is_told_and_everything_is_escaped(client, verdict):
    nasty = "<script>alert(1)</script>"
    verdict(outcome="drift", reasons=[nasty, "brightness: moved"], model={"version": nasty, "sha256": "x"}, at=nasty)
    page = client.get("/loop").text
    assert "was admitted to the training data" in page
    assert "brightness: moved" in page
    assert nasty not in page
    assert page.count("&lt;script&gt;") == 3


@pytest.mark.parametrize("outcome", ["drift", "no-drift", "insufficient-data"])
def test_every_outcome_has_a_page(client, verdict, outcome):
    verdict(outcome=outcome)
    answer = client.get("/loop")
    assert answer.status_code == 200
    assert 'class="outcome"' in answer.text
    assert f'class="verdict {outcome}"' in answer.text
    assert "be read" not in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"outcome": null}',
        '{"outcome": 1, "images": "x"}',
        '{"outcome": "drift", "model": 5}',
        contract_examples.verdict().json_bytes().decode().replace('"drift"', '"something new"'),
    ],
)
def test_a_verdict_that_can_not_be_read_does_not_break_it(client, verdict, text):
    (verdict() / "verdict.json").write_text(text)
    answer = client.get("/loop")
    assert answer.status_code == 200
    assert '<p class="outcome">Can&#39;t be read</p>' in answer.text
    assert "<code>reports/gate/verdict.json</code>" in answer.text
    assert "has not judged anything yet" not in answer.text


def test_the_report_runs_its_scripts_in_an_origin_of_its_own(client, verdict):
    assert client.get("/loop/report").status_code == 404
    (verdict(outcome="drift") / "report.html").write_text("<script>1</script>")
    answer = client.get("/loop/report")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy
    assert "default-src 'none'" in policy
    assert 'href="/loop/report"' in client.get("/loop").text


def test_the_style_is_served(client):
    answer = client.get("/loop/style.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in answer.text


def test_what_phones_get_is_told(client, workspace):
    page = client.get("/loop").text
    assert "Version 3" in page
    assert "<dt>Mean ROC AUC</dt><dd>0.994</dd>" in page
    (workspace.published / "manifest.json").write_text("{}")
    page = client.get("/loop").text
    assert "There is no model yet" in page
    assert "<code>.weldspot/published/manifest.json</code>" in page


@pytest.fixture
def told(workspace, mlflow_tables, monkeypatch):
    """The counts of `weldspot status`, in the order of the page's; of what is admitted it counts batches."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copy(mlflow_tables, workspace.mlflow_database)
    monkeypatch.setattr(dvc_commands, "stale", lambda _: {})
    monkeypatch.setattr(inbox, "track", lambda _: None)  # DVC's own: there is no repository here

    def read() -> list[int]:
        text = status.status(workspace)
        line = next(line for line in text.splitlines() if line.startswith("feedback"))
        words = r"(\d+) to collect, (\d+) wait in the inbox \(\d+ not judged\), (\d+) batch\S+ admitted, (\d+) in quar"
        found = re.search(words, line)
        assert found, line
        return [int(count) for count in found.groups()]

    yield read
    mlflow.set_tracking_uri(None)


@pytest.mark.parametrize("after", ["keep", "mark", "delete"])
def test_page_and_status_agree_at_every_step(client, workspace, shot, send, told, after):
    params = (ROOT / "params.yaml").read_text()
    assert "after: keep" in params
    workspace.params.write_text(params.replace("after: keep", f"after: {after}"))

    def both() -> list[int]:
        page, line = counts(client.get("/loop").text), told()
        assert [page[0], page[1], page[3]] == [line[0], line[1], line[3]]
        return [*page, line[2]]

    assert both() == [0, 0, 0, 0, 0]
    for number in range(5):
        assert send(client, shot(number)).status_code == 201
    assert both() == [5, 0, 0, 0, 0]
    spooled = workspace.spool / shot(4).path.removeprefix("/api/")
    spooled.with_suffix(".jpg").write_bytes(b"damaged on the disk")
    collect.collect(workspace)
    assert both() == [0, 4, 0, 1, 0], "what went to quarantine is counted there alone"
    assert send(client, shot(5)).status_code == 201
    assert both() == [1, 4, 0, 1, 0]
    judged = inbox.waiting(workspace)
    inbox.record(workspace, judged, inbox.Judged(outcome="drift", model="a" * 64, at="2026-06-01T09:30:00+00:00"))
    inbox.admit(workspace)
    assert both() == [1, 0, 4, 1, 1]
    collect.collect(workspace)
    assert both() == [0, 1, 4, 1, 1]


def test_what_is_tried_on_some_phones_is_told(client, workspace):
    shutil.copy(ROOT / "params.yaml", workspace.params)
    assert "On trial" not in client.get("/loop").text
    course = Course(version="4", sha256=B, before=A, steps=[courses.step(0.1, "begun")])
    courses.write(workspace, course)
    reports.append(workspace, days(60, 0.05, 0.05))
    page = client.get("/loop").text
    assert "On trial" in page
    assert "Version 4" in page
    assert "10 % of the phones" in page
    assert re.search(r"With it</dt><dd>[\d,]+ looks, [\d.]+ % corrected, 25 ms", page)
    courses.write(workspace, course.stepped(0.1, "worse", ending="taken back"))
    assert "It is to be taken back" in client.get("/loop").text
    workspace.canary.write_text("{torn")
    page = client.get("/loop").text
    assert "<code>data/canary.json</code>" in page
    assert "On trial" not in page
