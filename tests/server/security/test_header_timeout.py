"""A request's head that does not come, and what is not to be mistaken for that."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
from raw_http import answer_to


def test_a_head_that_does_not_come_ends_the_connection(server):
    attacks = {
        "a head without end": (0.0, [b"GET /healthz HTTP/1.1\r\nHost: "]),
        "a head in drips": (0.25, [b"GET /healthz HTTP/1.1\r\nHost: ", *[b"x"] * 12]),
        "silence": (0.0, []),
    }
    with server() as running, ThreadPoolExecutor(len(attacks)) as pool:
        tried = {
            name: pool.submit(answer_to, running.url, *pieces, pause=pause) for name, (pause, pieces) in attacks.items()
        }
        assert {name: answer.result() for name, answer in tried.items()} == dict.fromkeys(attacks, b"")
        assert httpx2.get(f"{running.url}/healthz").json() == {"status": "ok"}


def test_a_second_request_has_time_of_its_own(server):
    with server() as running, httpx2.Client(base_url=running.url) as http:
        for _ in range(4):
            assert http.get("/healthz").status_code == 200
            time.sleep(0.25)  # together longer than a head may take
