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
        ({"origin": "http://["}, 403),
        ({"origin": "http://[::1"}, 403),
        ({"origin": "http://localhost]"}, 403),
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


def test_guesses_wait_and_who_has_the_token_does_not(guarded):
    def asked(token: str, path: str = "/api/manifest.json") -> int:
        return guarded.get(path, headers={"authorization": f"Bearer {token}"}).status_code

    assert [asked("an old one") for _ in range(30)] == [401] * 30
    assert [asked(f"guess {number}") for number in range(12)] == [401] * 10 + [429] * 2
    answer = guarded.get("/api/manifest.json", headers={"authorization": "Bearer s3cret"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert guarded.get("/healthz").status_code == 200


def test_where_the_token_has_come_from_it_is_heard_beside_guesses(guarded):
    right = {"authorization": "Bearer s3cret"}
    assert guarded.get("/api/manifest.json", headers=right).status_code == 200
    found = [guarded.get("/loop", headers={"authorization": f"Bearer {number}"}).status_code for number in range(20)]
    assert found == [401] * 11 + [429] * 9
    assert guarded.get("/api/manifest.json", headers=right).status_code == 200


def test_behind_a_proxy_each_address_that_it_has_seen_waits_for_itself(workspace):
    options = ServerOptions(workspace, token=SecretStr("s3cret"), proxied=frozenset({"welds.example.org"}))
    with TestClient(create(options), base_url="http://localhost") as client:

        def asked(token: str, seen: str) -> int:
            headers = {"authorization": f"Bearer {token}", "x-forwarded-for": f"192.0.2.1, {seen}"}
            return client.get("/api/manifest.json", headers=headers).status_code

        assert [asked(str(number), "198.51.100.7") for number in range(13)][-1] == 429
        assert asked("s3cret", "198.51.100.7") == 429
        assert asked("s3cret", "198.51.100.8") == 200
