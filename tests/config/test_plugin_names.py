"""Names in params.yaml of code outside the package: what there is, and what is told apart."""

from pathlib import Path

import plugin_project
import pytest
import yaml
from project_copy import ROOT, composed

from weldspot.config import parameters
from weldspot.config.plugin_names import named, told_apart
from weldspot.runtime.errors import WeldspotError


def test_what_is_built_in_or_could_be_a_file_is_taken() -> None:
    check = named("backbones", "small", "large")
    assert [check(name) for name in ("small", "my_file:name", "a.b:c")] == ["small", "my_file:name", "a.b:c"]
    for name in ("medium", "my file:name", "a:", ":b", "a:b:c", "../a:b", ""):
        with pytest.raises(ValueError, match="is none of small, large, and no file:name of plugins/backbones") as error:
            check(name)
        assert repr(name) in str(error.value)


def test_two_of_one_title_are_refused() -> None:
    check = told_apart("f1")
    assert check(["a:brier", "a:other"]) == ["a:brier", "a:other"]
    with pytest.raises(ValueError, match="'b:brier' would be called brier, as is 'a:brier'; rename one"):
        check(["a:brier", "b:brier"])
    with pytest.raises(ValueError, match="'a:f1' would be called f1, as is 'built in'; rename one"):
        check(["a:f1"])


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("training.backbone=large", "training.backbone: 'large' is none of efficientnet_lite0, mobilenet_025, "),
        ("training.backbone=large:x", "training.backbone: large:x: no such file: plugins/backbones/large.py; write it"),
        ("training.loss=mse", "training.loss: 'mse' is none of cross_entropy"),
        ("augment.extra=[fog]", "augment.extra.0: 'fog' is no file:name of plugins/augmentations"),
        ("evaluate.metrics=[a:f1]", "evaluate.metrics: 'a:f1' would be called f1, as is 'built in'"),
        ("ingest.layouts=[voc]", "ingest.layouts.0: 'voc' is no file:name of plugins/layouts"),
        ("loop.gate.statistics=[a:x,b:x]", "loop.gate.statistics: 'b:x' would be called x"),
        ("loop.publish.targets=[ftp]", "loop.publish.targets.0: 'ftp' is none of local, firebase_ml, firebase_storage"),
        (
            "source=custom source.maker=gone:export",
            "source.maker: gone:export: no such file: plugins/sources/gone.py; write",
        ),
    ],
)
def test_a_wrong_name_is_one_line_and_params_stay(repo: Path, override: str, said: str) -> None:
    (repo / "params.yaml").write_bytes(b"as it was")
    with pytest.raises(WeldspotError) as error:
        composed(repo, *override.split())
    assert said in str(error.value)
    assert (repo / "params.yaml").read_bytes() == b"as it was"


def test_a_file_and_a_line_are_all_it_takes(repo: Path) -> None:
    plugin_project.write(repo / "plugins", plugin_project.FILES)
    for override in (
        "training.backbone=strides:extractor",
        "augment.extra=[sunlight:shaded]",
        "source=custom source.maker=stripes:export +source.options.images=60",
    ):
        params = parameters.load(composed(repo, *override.split()))
    assert params.source.name == "custom"
    assert params.source.options == {"images": 60}


def test_params_of_before_are_read_and_mean_what_they_meant() -> None:
    now = yaml.safe_load((ROOT / "params.yaml").read_text())
    before = yaml.safe_load((ROOT / "params.yaml").read_text())
    for section, key in (("augment", "extra"), ("training", "loss"), ("ingest", "layouts"), ("evaluate", "metrics")):
        del before[section][key]
    del before["loop"]["gate"]["statistics"]
    assert parameters.parse(before) == parameters.parse(now)
