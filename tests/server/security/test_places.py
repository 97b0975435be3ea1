"""Who keeps a connection when all places are taken."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

import pytest

from weldspot.server.security.places import Places


@dataclass(eq=False)
class Fake:
    """A connection of which only the numbers are real."""

    address: str = "10.0.0.1"
    with_token: bool = False
    left: int = 0
    ended: bool = False

    def known(self) -> bool:
        return self.with_token

    def unsent(self) -> int:
        return self.left

    def end(self) -> None:
        self.ended = True


def running(story: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(story())


def test_a_newcomer_gets_the_place_of_the_oldest() -> None:
    async def story() -> None:
        places, there = Places(3, 60.0, reserved=1), [Fake() for _ in range(5)]
        assert [places.enter(one) for one in there] == [True] * 5
        assert [one.ended for one in there] == [True, True, False, False, False]

    running(story)


def test_a_crowd_puts_out_its_own_only_and_never_who_has_the_token() -> None:
    async def story() -> None:
        places, phone, welder = Places(6, 60.0), Fake("10.0.0.2"), Fake("10.0.0.9", with_token=True)
        neighbour = Fake("10.0.0.9")
        crowd = [Fake("10.0.0.9") for _ in range(20)]
        for one in (phone, welder, neighbour, *crowd):
            places.enter(one)
        assert [phone.ended, welder.ended, neighbour.ended] == [False, False, True]
        assert [one.ended for one in crowd] == [True] * 16 + [False] * 4

    running(story)


def test_when_all_have_the_token_nobody_is_put_out() -> None:
    async def story() -> None:
        places, there = Places(2, 60.0, reserved=1), [Fake(with_token=True) for _ in range(4)]
        assert [places.enter(one) for one in there] == [True, True, True, False]
        assert not any(one.ended for one in there)

    running(story)


def test_who_left_has_no_place() -> None:
    async def story() -> None:
        places, first, second = Places(2, 60.0), Fake(), Fake()
        for one in (first, second):
            places.enter(one)
        places.leave(first)
        places.enter(Fake())
        assert not second.ended

    running(story)


@pytest.mark.parametrize(("taken", "ended"), [(0, True), (1, False)])
def test_an_answer_that_nobody_takes_ends_and_a_slow_one_does_not(taken: int, ended: bool) -> None:
    async def story() -> None:
        places, idle, reader = Places(9, 0.2), Fake(), Fake(left=100)
        places.enter(idle)
        places.enter(reader)
        for _ in range(30):
            await asyncio.sleep(0.02)
            reader.left -= taken
        assert (reader.ended, idle.ended) == (ended, False)

    running(story)


def test_an_answer_of_which_more_comes_as_fast_as_it_is_taken_goes_on() -> None:
    async def story() -> None:
        places, reader = Places(9, 0.2), Fake(left=100)
        places.enter(reader)
        for _ in range(30):
            await asyncio.sleep(0.02)
            places.moved(reader)
        assert not reader.ended

    running(story)
