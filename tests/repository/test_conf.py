"""conf/ of a new repository is ours to the letter, but for what was asked."""

import difflib
from pathlib import Path

import pytest
import yaml

from weldspot.repository import conf

OURS = conf.files()


def changed(theirs: dict[str, str]) -> dict[str, list[str]]:
    """File → the lines that are not ours."""
    found = {}
    for file, text in theirs.items():
        lines = difflib.ndiff(OURS[file].splitlines(), text.splitlines())
        if new := [line[2:] for line in lines if line.startswith("+ ")]:
            found[file] = new
    return found


def test_every_file_is_there() -> None:
    assert {"conf/config.yaml", "conf/labels/weld.yaml", "conf/source/no-background.txt"} <= set(OURS)


def test_what_was_asked_is_all_that_differs() -> None:
    theirs = conf.chosen(OURS, "mine", "folder", Path("/a b/#1: set, 'x'.zip"), "Solder 2")
    assert theirs.keys() == OURS.keys()
    assert changed(theirs) == {
        "conf/config.yaml": [
            "  - labels: mine          # the classes; a file a list: docs/labels.md",
            "  - source: folder        # sample | roboflow | folder | custom",
            "  experiment: Solder 2",
            "  model: Solder 2",
        ],
        "conf/source/folder.yaml": ["path: '/a b/#1: set, ''x''.zip'"],
        "conf/source/roboflow.yaml": ["path: conf/source/roboflow.yaml"],
        "conf/source/sample.yaml": ["path: conf/source/sample.yaml"],
    }
    assert yaml.safe_load(theirs["conf/source/folder.yaml"])["path"] == "/a b/#1: set, 'x'.zip"


@pytest.mark.parametrize("name", ["weldspot", "1e5", "null", "2026-01-01"])
def test_a_name_stays_text(name: str) -> None:
    from weldspot.config.yaml_mapping import parsed

    told = parsed(conf.chosen(OURS, "weld", "sample", None, name)["conf/config.yaml"])
    assert told["tracking"] == {"experiment": name, "model": name}
