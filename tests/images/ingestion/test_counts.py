"""What an ingest says at its end."""

from dataclasses import replace
from pathlib import Path

import pytest

from weldspot.images.ingestion.counts import Counts
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.record import Rejected

GOOD = Counts("in.zip", "yolo", 100, 98, 40, 3, [], [], [])
BAD = [Rejected(f"{i:02d}.jpg", f"a box of 'Crack' lies outside the {i} x {i} image") for i in range(12)]


def test_one_line_of_counts_always(capsys: pytest.CaptureFixture[str]) -> None:
    GOOD.judge(0.1, Path("reports"))
    assert capsys.readouterr().out == (
        "ingest: 98 photographs (yolo, 2 found twice) and 40 crops of background in the table, 0 quarantined, "
        "3 other files passed over\n"
    )


def test_a_warning_from_one_in_a_hundred(capsys: pytest.CaptureFixture[str]) -> None:
    replace(GOOD, photographs=1000, rejected=BAD[:1]).judge(0.1, Path("reports"))
    assert "warning" not in capsys.readouterr().out
    replace(GOOD, rejected=BAD[:2]).judge(0.1, Path("reports"))
    assert capsys.readouterr().out.splitlines()[1] == (
        "ingest: warning: 2 of 102 (2%) are quarantined: 2 × a box of 'Crack' lies outside the N x N image (00.jpg); "
        "reports/quarantine.csv names them"
    )


def test_an_error_from_a_share_with_the_ten_commonest_reasons() -> None:
    others = [Rejected(f"{word}.jpg", f"unknown class {word!r}") for word in "abcdefghijk"]
    with pytest.raises(WeldspotError) as error:
        replace(GOOD, rejected=BAD + others).judge(0.18, Path("reports"))
    said = str(error.value)
    assert said.startswith(
        "in.zip: 23 of 123 (19%) are quarantined, more than ingest.max_quarantined = 0.18 allows: 12 × a"
    )
    assert said.count("unknown class '") == 9
    assert "and 2 reasons more" in said
    assert "labels.aliases" in said
    assert "\n" not in said
    replace(GOOD, rejected=BAD + others).judge(0.19, Path("reports"))


def test_nothing_usable_is_an_error_whatever_the_share() -> None:
    with pytest.raises(
        WeldspotError, match=r"^in\.zip: no usable image; reports/quarantine\.csv says why for each \(12 × a"
    ):
        replace(GOOD, photographs=0, distinct=0, rejected=BAD).judge(1.0, Path("reports"))


def test_classes_that_were_left_out_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    replace(GOOD, dropped=[("a.jpg", "rust"), ("b.jpg", "rust")]).judge(0.1, Path("reports"))
    assert "'rust' on 2" in capsys.readouterr().out


def test_what_contradicts_is_told_and_never_stops_the_graph(capsys: pytest.CaptureFixture[str]) -> None:
    """Else whoever sends copies of the training data would stop every retraining."""
    contradicting = [Rejected(f"feedback/a.parquet#{k}", f"contradicts {k}.jpg") for k in range(90)]
    replace(GOOD, distinct=8, left_out=contradicting).judge(0.1, Path("reports"))
    said = capsys.readouterr().out.splitlines()
    assert "8 photographs (yolo, 2 found twice)" in said[0]
    assert "90 quarantined" in said[0]
    assert said[1] == (
        "ingest: warning: 90 photographs of feedback are left out, since what was there first counts: "
        "feedback/a.parquet#0 contradicts 0.jpg, and 89 more; reports/quarantine.csv names them"
    )
