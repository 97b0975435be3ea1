"""dvc.yaml of a new repository: ours, but for what a stage's code is."""

import yaml

from weldspot import shipped
from weldspot.repository.graph import modules, without_modules
from weldspot.runtime.dvc_lock import STAGES

OURS = shipped.file("dvc.yaml").read_text()
THEIRS = yaml.safe_load(without_modules(OURS))


def test_it_is_ours_but_for_the_modules() -> None:
    ours = yaml.safe_load(OURS)
    assert tuple(THEIRS["stages"]) == STAGES
    for stage, entry in ours["stages"].items():
        code, *params = THEIRS["stages"][stage].pop("params")
        assert params == entry.pop("params")
        wanted = [f"code.{stage}"] + (["sources.${source.name}"] if stage == "fetch" else [])
        assert code == {"weldspot.yaml": wanted}
        entry["deps"] = [dep for dep in entry["deps"] if not dep.startswith("src/")]
        assert THEIRS["stages"][stage] == entry
    assert THEIRS["plots"] == ours["plots"]


def test_what_is_left_out_is_what_a_line_stands_for() -> None:
    found = modules(OURS)
    for stage, entry in yaml.safe_load(OURS)["stages"].items():
        assert found[stage] == [dep.removeprefix("src/") for dep in entry["deps"] if dep.startswith("src/")]
        assert len(found[stage]) > 5


def test_comments_stay() -> None:
    graph = without_modules(OURS)
    assert "# preprocess: the model's input size" in graph
    assert "# admitted; what waits in data/inbox makes nothing stale" in graph
