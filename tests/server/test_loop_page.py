"""The page about the loop."""

import json
import uuid

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weldspot.loop.feedback import upload_metadata


@pytest.fixture
def verdict(project):
    def write(**facts):
        folder = project / "reports/gate"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "verdict.json").write_text(json.dumps({"images": 210, "reasons": []} | facts))
        return folder

    return write


def batch(folder, name, ids):
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{"id": image_id, "labels": ["Crack"]} for image_id in ids]
    pq.write_table(pa.Table.from_pylist(rows, schema=upload_metadata.SCHEMA), folder / name)


def test_a_new_project_says_what_comes_first(client):
    page = client.get("/loop").text
    assert "Nothing has been collected yet" in page
    assert "weldspot gate" in page
    assert "Version 3" in page


def test_it_counts_what_lies_where(client, project, shot, send):
    collected = [shot(number) for number in range(3)]
    for one in [*collected, shot(7)]:
        assert send(client, one).status_code == 201
    ids = [one.path.split("/")[-1] for one in collected]
    batch(project / "data/inbox", "20261123T101500-0123456789ab.parquet", ids)
    batch(project / "data/feedback", "20261122T101500-0123456789ab.parquet", [str(uuid.uuid4()) for _ in range(1234)])
    (project / "data/inbox/20261124T101500-damaged.parquet").write_bytes(b"not parquet")
    page = client.get("/loop").text
    assert "<dd>1</dd>" in page  # only what is not collected yet
    assert "<dd>3</dd>" in page
    assert "<dd>1,234</dd>" in page
    assert "24 November 2026" in page


def test_the_verdict_is_told_and_everything_is_escaped(client, verdict):
    nasty = "<script>alert(1)</script>"
    verdict(outcome="drift", reasons=[nasty, "brightness: moved"], model={"version": nasty, "sha256": "x"}, at=nasty)
    page = client.get("/loop").text
    assert "admitted to the training data" in page
    assert "brightness: moved" in page
    assert nasty not in page
    assert page.count("&lt;script&gt;") == 3


@pytest.mark.parametrize("outcome", ["no-drift", "insufficient-data", "something new"])
def test_every_outcome_has_a_page(client, verdict, outcome):
    verdict(outcome=outcome)
    answer = client.get("/loop")
    assert answer.status_code == 200
    assert 'class="outcome"' in answer.text


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"outcome": null}', '{"outcome": 1, "images": "x"}', '{"outcome": "drift", "model": 5}']
)
def test_a_verdict_that_can_not_be_read_does_not_break_it(client, verdict, text):
    (verdict() / "verdict.json").write_text(text)
    assert client.get("/loop").status_code == 200


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
