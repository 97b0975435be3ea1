"""What phones count, beside the corrections."""

from datetime import date, timedelta

import numpy as np
import pytest
from counted import A, B, report

from weldspot.contracts.telemetry import Telemetry
from weldspot.loop.telemetry import watched
from weldspot.workspace import Workspace


def arrived(workspace: Workspace, day: int, reports: list[Telemetry]) -> None:
    """In the file of a day."""
    workspace.telemetry.mkdir(parents=True, exist_ok=True)
    path = workspace.telemetry / f"{date(2026, 6, 1) + timedelta(days=day)}.jsonl"
    path.write_text("".join(one.model_dump_json() + "\n" for one in reports))


def seen(rng: np.random.Generator, number: int, middle: float) -> Telemetry:
    """A phone's day of a hundred looks whose scores of a crack are about this."""
    scores = np.histogram(np.clip(rng.normal(middle, 0.15, 100), 0, 1), 10, (0, 1))[0]
    return report(number, looks=100, obstacles=10, corrections=2, scores={"Crack": scores.tolist()})


@pytest.mark.parametrize(("later", "moved"), [(0.3, []), (0.6, ["score of Crack"])])
def test_the_last_days_are_held_against_the_first(workspace: Workspace, later: float, moved: list[str]) -> None:
    rng = np.random.default_rng(0)
    for day in range(20):
        middle = later if day >= 13 else 0.3
        mine = [seen(rng, 100 * day + k, middle + rng.normal(0, 0.02)) for k in range(3)]
        arrived(workspace, day, [*mine, report(100 * day + 50, model=B, looks=20)])
    found = watched.phones(workspace, A, 0.1, 0)
    assert found is not None
    assert (found.days, found.reports, found.looks) == (20, 60, 6000)
    assert (found.corrected, found.blind) == (pytest.approx(0.02), pytest.approx(1 / 11))
    assert [line.split(":")[0] for line in found.moved] == moved


def test_without_reports_nothing_is_told_and_with_few_nothing_has_moved(workspace: Workspace) -> None:
    assert watched.phones(workspace, A, 0.1, 0) is None
    rng = np.random.default_rng(0)
    for day in range(14):
        arrived(workspace, day, [report(day, looks=10, scores={"Crack": [10] + [0] * 9} if day % 2 else {})])
    found = watched.phones(workspace, A, 0.1, 0)
    assert found is not None
    assert found.moved == []
    arrived(workspace, 13, [seen(rng, 99, 0.9)])
    assert watched.phones(workspace, A, 0.1, 0) is not None
