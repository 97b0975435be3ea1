"""Work is counted also where no bar is drawn."""

from weldspot.runtime.terminal import progress
from weldspot.runtime.terminal.progress import Progress


def test_the_innermost_is_told_and_what_has_ended_is_not() -> None:
    assert progress.told() == ""
    for item in Progress([1, 2, 3], desc="collect", unit="upload"):
        assert progress.told() == f"collect, {item - 1} of 3 upload"
        with Progress(total=5, desc="reading", unit="part") as bar:
            bar.update(2)
            assert progress.told() == "reading, 2 of 5 part"
    assert progress.told() == ""
