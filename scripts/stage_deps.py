"""Writes into dvc.yaml, as dependencies of each stage, the modules that it imports (`make deps`)."""

import re

from imports import ROOT, needed

OF_ONE_SOURCE = {"sample": "src/weldspot/sources/synthetic/", "roboflow": "src/weldspot/sources/roboflow.py"}


def imported(stage: str) -> set[str]:
    """The modules that a stage imports, as paths from the root, but those that `${source.path}` names."""
    files = {path.relative_to(ROOT).as_posix() for path in needed(ROOT / f"src/weldspot/stages/{stage}.py")}
    return {file for file in files if not file.startswith(tuple(OF_ONE_SOURCE.values()))}


def exact(graph: str) -> str:
    """The text of dvc.yaml with each stage's `- src/…` lines written anew; all other lines stay as they are."""

    def stage(found: re.Match[str]) -> str:
        lines = "".join(f"      - {path}\n" for path in sorted(imported(found["stage"])))
        return found["before"] + lines + found["after"]

    return re.sub(
        r"(?P<before>^    cmd: weldspot run (?P<stage>\w+)\n(?:(?!    outs:|      - src/).*\n)*)"
        r"(?:      - src/.*\n)+(?P<after>(?:      - \S.*\n)*    outs:)",
        stage,
        graph,
        flags=re.MULTILINE,
    )


if __name__ == "__main__":
    path = ROOT / "dvc.yaml"
    path.write_text(exact(path.read_text()))
