"""params.yaml and conf/ say the same, and mistakes are one line that names the key."""

from itertools import product
from pathlib import Path

import pytest
from dvc.utils.hydra import compose_and_dump
from project_copy import CHOICES, GROUPS, ROOT, composed

from weldspot.config import parameters
from weldspot.config.compose import compose
from weldspot.runtime.errors import WeldspotError


def test_committed_params_are_what_conf_composes_to(repo: Path) -> None:
    assert composed(repo).read_bytes() == (ROOT / "params.yaml").read_bytes(), "run `weldspot compose`"


@pytest.mark.parametrize("overrides", [(), ("training=full",), ("training.learning_rate=1e-3", "split.seed=3")])
def test_same_bytes_as_dvc_exp_run(repo: Path, overrides: tuple[str, ...]) -> None:
    compose_and_dump(repo / "dvc.yaml", str(repo / "conf"), None, "config", str(repo), list(overrides))
    assert composed(repo, *overrides).read_bytes() == (repo / "dvc.yaml").read_bytes()


@pytest.mark.parametrize("choice", [f"{group}={name}" for group in GROUPS for name in CHOICES[group]])
def test_every_choice_composes(repo: Path, choice: str) -> None:
    parameters.load(composed(repo, choice))


def test_every_combination_of_choices_composes(repo: Path) -> None:
    for names in product(*(CHOICES[group][-2:] for group in GROUPS)):
        parameters.load(composed(repo, *map("=".join, zip(GROUPS, names, strict=True))))


def test_yaml_that_is_none_names_file_and_line(repo: Path) -> None:
    broken = repo / "conf/training/quick.yaml"
    broken.write_text(broken.read_text() + "patience: [3\n")
    with pytest.raises(WeldspotError, match=r"^[^\n]*conf/training/quick\.yaml, line \d+: not valid YAML [^\n]*$"):
        composed(repo)


def test_a_link_that_leads_nowhere_names_the_key(repo: Path) -> None:
    (repo / "photos").mkdir()
    (repo / "photos/gone.jpg").symlink_to("nowhere.jpg")
    with pytest.raises(WeldspotError, match=r"source\.path: .*photos/gone\.jpg is a link that leads nowhere"):
        composed(repo, "source=folder", "source.path=photos")


@pytest.mark.parametrize(
    ("overrides", "named"),
    [
        (["training.speed=1"], "training.speed"),
        (["+training.speed=1"], "training.speed"),
        (["speed=1"], "speed"),
        (["training=fast"], "training=fast"),
        (["training.epochs=many"], "training.epochs"),
        (["training.epochs=1.5"], "training.epochs"),
        (["training.learning_rate=-1"], "training.learning_rate"),
        (["training.seed=1,2"], "training.seed"),
        (["training.seed"], "training.seed"),
        (["training.seed=[1"], "training.seed"),
        (["~training.seed"], "training.seed"),
        (["split.train=0.9"], "split"),
        (["preprocess.denoise.median=4"], "preprocess.denoise"),
        (["source=folder", "source.path=nowhere"], "source.path"),
        (["source.background=nowhere.zip"], "source.background"),
        (["ingest.shard_rows=${nowhere.rows}"], "ingest.shard_rows"),
        (["=4"], "=4"),
        (["split.seed=-1"], "split.seed"),
        (["training.seed=4294967296"], "training.seed"),
        (["loop.gate.seed=-1"], "loop.gate.seed"),
        (["tracking.model=weld/spot"], "tracking.model"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_key(repo: Path, overrides: list[str], named: str) -> None:
    params = composed(repo)
    before = params.read_bytes()
    with pytest.raises(WeldspotError) as caught:
        compose(overrides, repo / "conf", params)
    message = str(caught.value)
    assert named in message
    assert "\n" not in message
    assert params.read_bytes() == before, "a refused override must leave params.yaml alone"
    assert sorted(path.name for path in repo.iterdir()) == ["conf", "data", "params.yaml", "plugins", "src"]


def test_fractions_that_do_not_add_up_say_so(repo: Path) -> None:
    with pytest.raises(WeldspotError, match=r"train \+ val \+ test must be 1, not 1\.2"):
        composed(repo, "split.train=0.9")


def test_a_relative_path_starts_at_the_root(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    export = tmp_path_factory.mktemp("photographs of welds")
    given = f"../{export.name}"
    assert parameters.load(composed(repo, "source=folder", f"source.path='{given}'")).source.path == given


def test_a_comment_in_conf_changes_nothing(repo: Path) -> None:
    before = composed(repo).read_bytes()
    for path in (repo / "conf").rglob("*.yaml"):
        path.write_text(f"# why not\n{path.read_text()}\n# and again\n")
    assert composed(repo).read_bytes() == before
