"""What phones count, made up."""

import uuid
from datetime import UTC, datetime
from typing import Any

import numpy as np

from weldspot.contracts.telemetry import BRIGHTNESS_BINS, LATENCY_EDGES, SHARPNESS_EDGES, Telemetry

A, B = "a" * 64, "b" * 64  # production and challenger


def report(number: int = 0, **changes: Any) -> Telemetry:
    """A day of 20 looks at 25 ms; another number, another report."""
    looks = changes.get("looks", 20)
    fields: dict[str, Any] = {
        "id": str(uuid.UUID(int=number + 1)),
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "model": A,
        "looks": looks,
        "brightness": [0] * 7 + [looks] + [0] * (BRIGHTNESS_BINS - 8),
        "sharpness": [0] * 5 + [looks] + [0] * (len(SHARPNESS_EDGES) - 5),
        "latency": [0] * 4 + [looks] + [0] * (len(LATENCY_EDGES) - 4),
    }
    return Telemetry(**(fields | changes))


def days(
    count: int, rate: float, with_it: float, seed: int = 0, challenger: str = B, **changes: Any
) -> list[Telemetry]:
    """Reports of a canary's phones by lot: corrections for each look before, and with the challenger."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        lot = rng.random() < 0.5
        corrections = int(rng.binomial(20, with_it if lot else rate))
        model, name = (challenger, "challenger") if lot else (A, "production")
        said = {"model": model, "challenger": challenger, "lot": name, "corrections": corrections}
        found.append(report(1000 * seed + number, **(said | changes)))
    return found
