"""One line of the doctor's screen."""

from weldspot.doctor.finding import missing, ok, warning


def test_only_what_is_missing_stops() -> None:
    assert [finding.mark for finding in (ok("a", "b"), warning("a", "b", "c"), missing("a", "b"))] == [
        "ok",
        "warning",
        "missing",
    ]
    assert not warning("a", "b", "c").stops
    assert not missing("a", "b", "c").stops
    assert missing("a", "b", stops=True).stops
