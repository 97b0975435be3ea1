"""Feedback is younger than the export, batch by batch."""

from weldspot.images.scenes.ages import ages


def test_feedback_is_younger_than_all_else_batch_by_batch() -> None:
    sources = ["feedback", "export", "feedback", "background", "feedback"]
    names = ["20260102-b.parquet#1", "train/z.jpg", "20260101-a.parquet#9", "a.jpg", "20260102-b.parquet#0"]
    assert ages(sources, names).tolist() == [2, 0, 1, 0, 2]


def test_the_export_alone_is_of_one_age() -> None:
    assert ages(["export", "crop"], ["b", "a"]).tolist() == [0, 0]


def test_no_photograph_has_no_age() -> None:
    assert ages([], []).tolist() == []
