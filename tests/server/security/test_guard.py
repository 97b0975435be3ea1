"""Who may ask for what."""

import base64

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from weldspot.server.app import create
from weldspot.server.options import ServerOptions


@pytest.fixture
def guarded(workspace):
    options = ServerOptions(workspace, token=SecretStr("s3cret"), hosts=None)
    with TestClient(create(options), base_url="http://192.168.1.5:8000") as client:
        yield client


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil", "["])
def test_names_that_were_rebound_get_nothing(client, host):
    assert client.get("/api/manifest.json", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_loopback_names_are_answered(client, host):
    assert client.get("/api/manifest.json", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost:9000"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://localhost", "sec-fetch-site": "same-origin"}, 201),
        ({}, 201),
    ],
)
def test_other_pages_can_not_send(client, shot, headers, status):
    one = shot()
    assert client.post(one.path, files=one.parts(), headers=headers).status_code == status


def test_the_token_is_asked_for_where_something_is_to_be_had(guarded, shot):
    one = shot()
    wrong = [{}, {"authorization": "Bearer wrong"}, {"authorization": "Basic s3cret"}, {"authorization": "s3cret"}]
    for headers in wrong:
        assert guarded.post(one.path, files=one.parts(), headers=headers).status_code == 401
        assert guarded.get("/api/manifest.json", headers=headers).status_code == 401
        assert guarded.get("/loop", headers=headers).status_code == 401
    right = {"authorization": "Bearer s3cret"}
    assert guarded.get("/api/manifest.json", headers=right).status_code == 200
    assert guarded.post(one.path, files=one.parts(), headers=right).status_code == 201
    assert guarded.get("/config.json").status_code == 200
    assert guarded.get("/healthz").status_code == 200


def test_a_browser_may_log_in_to_the_page_about_the_loop(guarded):
    asked = guarded.get("/loop")
    assert asked.headers["www-authenticate"].startswith("Basic ")
    basic = base64.b64encode(b"me:s3cret").decode()
    assert guarded.get("/loop", headers={"authorization": f"Basic {basic}"}).status_code == 200
    for bad in ("%%%", base64.b64encode(b"\xff\xfe").decode(), base64.b64encode(b"me:").decode()):
        assert guarded.get("/loop", headers={"authorization": f"Basic {bad}"}).status_code == 401
