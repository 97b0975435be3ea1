"""Places held by those who read and send nothing, at a server that runs."""

import asyncio
import socket
import threading
import time

import httpx2
import pytest
import uvicorn
from attackers import Reader, Sender, besieged, ended

from weldspot.server.options import UploadLimits
from weldspot.server.security.connections import bounded, network

TOKEN = "of-these-tests-alone"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize("token", ["", TOKEN])
def test_a_welder_is_heard_while_others_hold_all_places(server, workspace, shot, token):
    workspace.app.mkdir(parents=True)
    (workspace.app / "large.wasm").write_bytes(bytes(5_000_000))
    with server(TOKEN, connections=24, receiving=6, idle_seconds=5.0, body_seconds=60.0) as running:
        crowd = [Reader(running.url, "/large.wasm") for _ in range(30)]
        crowd += [Sender(running.url, shot(1000 + number).path, token) for number in range(12)]
        with besieged(crowd, 0.5):
            time.sleep(1.5)  # none of them is new any more
            for number in range(3):
                one = shot(number)
                answer = httpx2.post(running.url + one.path, files=one.parts(), headers=BEARER, timeout=10)
                assert answer.status_code == 201, answer.text
                assert httpx2.get(f"{running.url}/healthz", timeout=10).status_code == 200


def test_an_answer_ends_with_its_connection():
    """uvicorn lets it be made to its end: a file of twenty megabytes is read for nobody."""
    made, ended = [0], threading.Event()

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            for _ in range(2000):
                await asyncio.sleep(0)
                await send({"type": "http.response.body", "body": bytes(65_536), "more_body": True})
                made[0] += 1
        finally:
            ended.set()

    config = uvicorn.Config(app, http=bounded(UploadLimits()), ws="none", lifespan="off", log_level="error")
    running = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: running.run(sockets=[listener]))
        thread.start()
        held = Reader(f"http://127.0.0.1:{listener.getsockname()[1]}", "/").begun()
        time.sleep(0.3)
        held.close()
        assert ended.wait(10)
        running.should_exit = True
        thread.join()
    assert made[0] < 200  # what the buffers on the way hold


def test_a_reader_that_reads_nothing_is_cut_off(server, workspace):
    workspace.app.mkdir(parents=True)
    (workspace.app / "large.wasm").write_bytes(bytes(5_000_000))
    with server(stalled_seconds=0.4) as running:
        held = Reader(running.url, "/large.wasm").begun()
        assert ended_within(10, held)
        held.close()
        whole = httpx2.get(f"{running.url}/large.wasm", timeout=20)
        assert len(whole.content) == 5_000_000


def test_a_body_that_goes_on_after_its_answer_ends(server):
    """uvicorn takes every byte of it for a sign of life."""
    with server() as running:
        held = Sender(running.url, "/healthz").begun()
        assert held.recv(65536).startswith(b"HTTP/1.1 405")
        assert ended_within(10, held, goes_on=True)
        held.close()


def ended_within(seconds: float, held: socket.socket, goes_on: bool = False) -> bool:
    """Whether the server ends the connection; meanwhile a byte goes there now and then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.1)
        if ended(held):
            return True
        if goes_on:
            held.sendall(b"x")
    return False


def test_each_server_has_places_and_limits_of_its_own():
    short, long = bounded(UploadLimits(idle_seconds=0.5)), bounded(UploadLimits())
    assert (short.head_seconds, long.head_seconds) == (0.5, 10.0)
    assert short.places is not long.places


@pytest.mark.parametrize(
    ("address", "held"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_what_one_client_holds(address, held):
    assert network(address) == held
