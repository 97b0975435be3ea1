"""How much one uploader may send in a day, and all together until the disk is nearly full."""

import os
import shutil
import time
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from weldspot.loop.feedback import spool
from weldspot.server.answers import Refused
from weldspot.server.app import create
from weldspot.server.options import ServerOptions, UploadLimits
from weldspot.server.uploads import quota as module
from weldspot.server.uploads.quota import Quota

LIMITS = UploadLimits(uploads_per_day=3)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def three_a_day(workspace):
    options = ServerOptions(workspace, limits=LIMITS)
    with TestClient(create(options), base_url="http://localhost") as client:
        yield client


def test_the_fourth_of_a_day_waits_and_another_welder_does_not(three_a_day, shot, send, spooled):
    assert [send(three_a_day, shot(number)).status_code for number in (0, 1, 1, 2)] == [201, 201, 200, 201]
    answer = send(three_a_day, shot(3))
    assert answer.status_code == 429
    assert "3 photographs came from here today" in answer.json()["error"]
    assert 0 < int(answer.headers["retry-after"]) <= 86_400
    other = shot(4)
    other = replace(other, path=other.path.replace("welder-1", "welder-2"))
    assert send(three_a_day, other).status_code == 201
    assert len(spooled()) == 4


def test_after_a_start_what_was_stored_today_counts_collected_or_not(workspace, shot, send):
    options = ServerOptions(workspace, limits=LIMITS)
    for number in range(3):
        with TestClient(create(options), base_url="http://localhost") as client:
            assert send(client, shot(number)).status_code == 201
        if number == 0:
            spool.Spool(workspace.spool).done(shot(0).path.removeprefix("/api/") + ".jpg", "mark")
    with TestClient(create(options), base_url="http://localhost") as client:
        assert send(client, shot(3)).status_code == 429
    yesterday = time.time() - 86_400
    os.utime((workspace.spool / shot(1).path.removeprefix("/api/")).with_suffix(".json"), (yesterday, yesterday))
    with TestClient(create(options), base_url="http://localhost") as client:
        assert send(client, shot(3)).status_code == 201


def test_the_next_day_begins_anew(tmp_path, monkeypatch):
    class Clock(datetime):
        at = datetime(2026, 11, 26, 23, 59, 30, tzinfo=UTC)

        @classmethod
        def now(cls, tz=None):
            return cls.at

    monkeypatch.setattr(module, "datetime", Clock)
    quota = Quota(tmp_path, UploadLimits(uploads_per_day=1))
    with quota.one("w"):
        pass
    with pytest.raises(Refused) as refused:
        quota.check("w")
    assert refused.value.headers == {"Retry-After": "31"}
    Clock.at = datetime(2026, 11, 27, 0, 0, 1, tzinfo=UTC)
    quota.check("w")


def test_what_was_not_stored_does_not_count(tmp_path):
    quota = Quota(tmp_path, UploadLimits(uploads_per_day=1))
    with pytest.raises(OSError, match="no"), quota.one("w"):
        raise OSError("no")
    with quota.one("w"):
        pass
    quota.not_new("w")
    quota.check("w")


@pytest.mark.parametrize(
    ("total", "free", "status"),
    [(10**12, 2**30, 507), (10**12, 2**31, 201), (10**9, 10**8, 201), (10**9, 5 * 10**7, 507)],
    ids=["less than the reserve", "more", "a small disk", "a small disk, nearly full"],
)
def test_the_disk_is_never_filled_to_its_end(three_a_day, shot, send, spooled, monkeypatch, total, free, status):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(total, total - free, free))
    answer = send(three_a_day, shot(0))
    assert answer.status_code == status
    assert len(spooled()) == (status == 201)
    if status == 507:
        assert answer.headers["retry-after"] == "600"
