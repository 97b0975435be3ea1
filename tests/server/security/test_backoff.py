"""Each further guess waits twice as long; nobody who has the token does."""

import pytest

from weldspot.server.answers import Refused
from weldspot.server.security import backoff as module
from weldspot.server.security.backoff import Backoff


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def heard(backoff: Backoff, address: str, token: str) -> bool:
    """Whether a wrong token was looked at."""
    try:
        backoff.check(address)
        backoff.wrong(address, token)
    except Refused as refused:
        return refused.status != 429
    return True


def test_guesses_of_a_day_are_few(clock):
    backoff, looked_at = Backoff(), 0
    for second in range(86_400):
        clock[0] = 1000.0 + second
        looked_at += heard(backoff, "10.0.0.1", f"guess {second}")
    assert 280 < looked_at < 310  # 1,296 a second before


def test_the_answer_says_how_long(clock):
    backoff, waits = Backoff(), []
    for number in range(40):
        if not heard(backoff, "a", str(number)):
            with pytest.raises(Refused) as refused:
                backoff.check("a")
            waits.append(int(refused.value.headers["Retry-After"]))
            clock[0] += waits[-1]
    assert waits[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert set(waits[9:]) == {300}


def test_an_old_token_that_is_sent_again_and_again_is_one_guess(clock):
    backoff = Backoff()
    assert all(heard(backoff, "a", "an old one") for _ in range(1000))


def test_the_right_one_is_heard_beside_a_guesser_and_guesses_are_not(clock):
    backoff = Backoff()
    backoff.right("workshop")
    assert sum(heard(backoff, "workshop", str(number)) for number in range(100)) == 11
    backoff.check("workshop")
    backoff.check("elsewhere")


def test_after_an_hour_it_begins_anew(clock):
    backoff = Backoff()
    assert sum(heard(backoff, "a", str(number)) for number in range(50)) == 11
    clock[0] += 3700
    assert sum(heard(backoff, "a", str(number)) for number in range(50)) == 11


def test_only_so_many_addresses_are_remembered(clock, monkeypatch):
    monkeypatch.setattr(module, "_ADDRESSES", 5)
    backoff = Backoff()
    for number in range(100):
        heard(backoff, str(number), "x")
    assert len(backoff._seen) == 5
