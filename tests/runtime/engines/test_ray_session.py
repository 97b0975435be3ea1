"""No Ray, no cluster: one line that says what to do."""

import socket

import pytest

from weldspot.runtime.engines import ray_session
from weldspot.runtime.errors import WeldspotError


def test_without_ray_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_session, "find_spec", lambda name: None)
    with pytest.raises(
        WeldspotError, match=r'^engine\.name: ray is not installed; `pip install "weldspot\[ray\]"`[^\n]*$'
    ):
        ray_session.connect("")


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_an_address_where_nobody_answers_is_one_line(scheme: str) -> None:
    pytest.importorskip("ray", reason="ray is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        address = f"{scheme}127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(WeldspotError, match=rf"^engine\.address: no cluster of Ray at {address} [^\n]*; start one"):
            ray_session.connect(address)
