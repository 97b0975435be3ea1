"""How often an uploader's labels stand, and how sure that is."""

import pytest
from reviews import decided

from weldspot.loop.review.agreement import Record, of_verdict, records
from weldspot.loop.review.log import Log
from weldspot.workspace import Workspace


def test_what_reviewers_change_or_refuse_is_an_error(workspace: Workspace) -> None:
    log = Log(workspace)
    for upload, word in (
        ("a", "accept"),
        ("b", "accept"),
        ("c", "change"),
        ("d", "reject"),
        ("e", "accept"),
        ("e", "undo"),
    ):
        decided(log, upload, word)
    found = records(log.last().values())
    assert found == {"anna": Record(4, 2)}
    assert found["anna"].agreement == 0.5
    assert Record().agreement is None


def test_the_bound_is_clopper_and_pearson_s() -> None:
    assert Record(29, 0).most_errors == pytest.approx(1 - 0.05 ** (1 / 29))  # exact: 0.05 = (1 - p)^n
    assert Record(28, 0).most_errors > 0.1 > Record(29, 0).most_errors
    assert Record().most_errors == Record(3, 3).most_errors == 1


def test_a_verdict_tells_of_who_was_judged_and_who_was_reviewed(workspace: Workspace) -> None:
    log = Log(workspace)
    decided(log, "a")
    decided(log, "b", "reject")
    found = of_verdict(["ben", "ben", "ben", "", ""], log.last().values())
    assert [(one.name, one.judged, one.reviewed, one.errors) for one in found] == [("ben", 3, 0, 0), ("anna", 0, 2, 1)]
