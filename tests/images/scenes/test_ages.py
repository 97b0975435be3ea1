"""Feedback is as old as its batch's place in the order of arrival."""

import pytest

from weldspot.images.scenes.ages import ages


def test_feedback_is_as_old_as_its_batch_came_and_all_else_is_oldest() -> None:
    sources = ["feedback", "export", "feedback", "background", "feedback"]
    names = ["feedback/b.parquet#1", "train/z.jpg", "feedback/a.parquet#9", "a.jpg", "feedback/b.parquet#0"]
    assert ages(sources, names, ["b.parquet", "a.parquet"]) == [1, 0, 2, 0, 1]


def test_a_batch_that_never_came_is_an_error_and_no_age() -> None:
    with pytest.raises(KeyError):
        ages(["feedback"], ["feedback/c.parquet#0"], ["a.parquet"])


def test_no_photograph_has_no_age() -> None:
    assert ages([], [], []) == []
