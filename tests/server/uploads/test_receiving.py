"""The places for bodies that arrive."""

import asyncio

import pytest

from weldspot.server.answers import Refused
from weldspot.server.options import UploadLimits
from weldspot.server.uploads import receiving
from weldspot.server.uploads.receiving import Receiving

LIMITS = UploadLimits(receiving=2, body_seconds=5.0, image_bytes=5000)  # 1,000 bytes a second are enough


async def upload(places: Receiving, received: int, seconds: float) -> str:
    try:
        async with places.place() as arrival:
            arrival.received = received
            await asyncio.sleep(seconds)
    except Refused as refused:
        return str(refused.status)
    return "came"


def test_the_slowest_gives_way_to_a_newcomer(monkeypatch):
    monkeypatch.setattr(receiving, "_GRACE", 0.05)

    async def story() -> list[str]:
        places = Receiving(LIMITS)
        slow, slower = upload(places, 60, 0.3), upload(places, 10, 0.3)
        first = [asyncio.create_task(one) for one in (slow, slower)]
        await asyncio.sleep(0.1)
        return [await upload(places, 9, 0.01), *await asyncio.gather(*first)]

    assert asyncio.run(story()) == ["came", "came", "408"]


def test_who_is_fast_enough_or_has_just_begun_keeps_the_place(monkeypatch):
    async def story() -> list[str]:
        places = Receiving(LIMITS)
        first = [asyncio.create_task(upload(places, 10_000, 0.3)) for _ in range(2)]
        await asyncio.sleep(0.1)
        found = [await upload(places, 9, 0.01)]
        monkeypatch.setattr(receiving, "_GRACE", 0.05)
        return [*found, await upload(places, 9, 0.01), *await asyncio.gather(*first)]

    assert asyncio.run(story()) == ["429", "429", "came", "came"]


def test_a_body_that_takes_too_long_ends_and_frees_its_place():
    async def story() -> tuple[str, str]:
        places = Receiving(UploadLimits(receiving=1, body_seconds=0.05))
        return await upload(places, 10**6, 1.0), await upload(places, 10**6, 0.0)

    assert asyncio.run(story()) == ("408", "came")


def test_the_answer_says_when_to_come_again():
    async def story() -> None:
        async with Receiving(UploadLimits(receiving=0)).place():
            pass

    with pytest.raises(Refused) as refused:
        asyncio.run(story())
    assert refused.value.headers == {"Retry-After": "5"}
