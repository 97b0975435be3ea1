"""Uploads as phones send them, small, and a source that fails on purpose."""

import hashlib
import random
import uuid
from collections.abc import Iterator
from typing import Literal

import cv2
import numpy as np
from weld_classes import CLASSES

from weldspot.loop.feedback.spool import Spool

MODEL = "ab" * 32


def jpeg(seed: int, side: int = 48) -> bytes:
    """A JPEG of smooth noise, another for each seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3)).astype(np.uint8)
    return cv2.imencode(".jpg", cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC))[1].tobytes()


def upload(number: int, **changes: str) -> tuple[str, bytes, dict[str, str]]:
    """Name, image and metadata of upload `number`."""
    image = jpeg(number)
    metadata = {
        "labels": CLASSES[number % 7],
        "scores": ",".join(f"{float(k == number % 7):.1f}" for k in range(7)),
        "model": MODEL,
        "taken": f"2026-05-0{1 + number % 9}T10:00:00+00:00",
        "device": "test",
        "sha256": hashlib.sha256(image).hexdigest(),
    }
    unique = uuid.uuid5(uuid.NAMESPACE_OID, str(number))
    return f"feedback/anna/{unique}.jpg", image, metadata | changes


class Flaky:
    """A spool behind a bad line: fetching and `done` fail, or the bytes arrive damaged, with the given odds."""

    def __init__(self, spool: Spool, odds: float, seed: int) -> None:
        self.spool, self.odds, self.random = spool, odds, random.Random(seed)

    def names(self) -> Iterator[str]:
        return self.spool.names()

    def fetch(self, name: str) -> tuple[bytes, dict[str, str]]:
        if self.random.random() < self.odds:
            raise ConnectionResetError("the line broke")
        return self.spool.fetch(name)

    def done(self, name: str, after: Literal["keep", "mark", "delete"]) -> None:
        if self.random.random() < self.odds:
            raise TimeoutError("no answer")
        self.spool.done(name, after)
