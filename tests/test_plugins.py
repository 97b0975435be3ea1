"""One of each kind of code of one's own, from outside the package: the files that docs/plugins.md shows."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import exports
import keras
import numpy as np
import pytest
import tiny
import yaml
from exported import export
from judged import CASE, SECTION, THRESHOLDS, photographs
from plugin_project import FILES, LINES, ROOT, TEXT, opened, write
from weld_classes import CLASSES, WELD

from weldspot.config.parameters import Params
from weldspot.contracts.served import ServedManifest
from weldspot.images import augmentations, table
from weldspot.loop.drift import calibration, judging, statistics
from weldspot.loop.publishing import publish
from weldspot.model.evaluation import scores
from weldspot.model.network import backbones, classifier
from weldspot.model.training import loss
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.plugins import resolver
from weldspot.sources.layouts import recognition
from weldspot.sources.layouts.registry import LAYOUTS
from weldspot.stages import fetch
from weldspot.tracking.experiment_key import experiment_key
from weldspot.workspace import Workspace

OWN = "own_kind:it"  # what the tests of one kind alone name


@pytest.fixture
def plugins(tmp_path: Path) -> Iterator[Path]:
    """plugins/ of an empty project."""
    with opened(tmp_path / "plugins") as folder:
        yield folder


def own(plugins: Path, kind: str, text: str) -> None:
    write(plugins, {f"{kind}/own_kind.py": text})


def params(**changes: dict[str, object]) -> Params:
    """The committed ones with other values."""
    values = yaml.safe_load((ROOT / "params.yaml").read_text())
    for section, keys in changes.items():
        values[section] = keys if section == "source" else values[section] | keys
    return Params.model_validate(values)


# the docs


def test_the_docs_show_one_of_each_and_their_lines_are_real() -> None:
    assert {name.partition("/")[0] for name in FILES} == set(resolver.KEYS) == set(LINES)
    for kind, name in LINES.items():
        row = next(line for line in TEXT.splitlines() if f"`plugins/{kind}/`" in line)
        assert f"`{resolver.KEYS[kind]}: " in row
        assert name in row
        assert name in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_a_change_reaches_the_stages_that_read_its_kind() -> None:
    graph = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    found = {kind: [name for name, stage in graph.items() if f"plugins/{kind}" in stage["deps"]] for kind in LINES}
    assert found == {
        "backbones": ["train", "evaluate", "export"],
        "augmentations": ["augment"],
        "losses": ["train"],
        "metrics": ["evaluate"],
        "sources": [],  # source.path, where a source is one's own
        "layouts": ["fetch", "ingest"],
        "statistics": [],
        "targets": [],
    }
    assert yaml.safe_load((ROOT / "conf/source/custom.yaml").read_text())["path"] == "plugins/sources"
    for kind in LINES:
        assert (ROOT / f"plugins/{kind}/README.md").is_file(), "DVC wants a folder that it depends on to be there"


# all of them in one project


def chosen() -> Params:
    return params(
        source={
            "name": "custom", "path": "plugins/sources", "background": fetch.NO_BACKGROUND, "maker": LINES["sources"],
            "options": {"images": 48},
        },
        ingest={"layouts": [LINES["layouts"]], "shard_rows": 16},
        preprocess={"size": 64},
        augment={"extra": [LINES["augmentations"]], "variants": 1},
        training={
            "backbone": LINES["backbones"], "loss": LINES["losses"], "weights": "none", "epochs": 1, "head_epochs": 3,
        },
        evaluate={"metrics": [LINES["metrics"]], "bootstrap": 20},
    )  # fmt: skip


@pytest.mark.thorough
def test_all_eight_in_one_project(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "2")
    write(workspace.plugins)
    given = chosen()
    with opened(workspace.plugins):
        given.find_plugins()
        for stage in ("fetch", "ingest", "preprocess", "augment", "split", "train", "evaluate"):
            module = import_module(f"weldspot.stages.{stage}")
            module.main(workspace, given.select(module.Params))
        delivery = json.loads((workspace.artifact("fetch") / "provenance.json").read_text())["export"]
        assert (delivery["source"], delivery["where"]) == ("custom", "stripes:export")
        assert (delivery["version"], delivery["layout"]) == ("48 pictures, seed 0", "lines:lines")
        model = classifier.load(workspace.artifact("train"), WELD)
        assert backbones.backbone_of(model) == "strides:extractor"
        assert model.get_layer("dropout").output.shape[-1] == 32
        report = json.loads(workspace.metrics.read_text())
        assert report["mean"]["brier"] == pytest.approx(
            np.mean([row["brier"] for row in report["per_class"].values()]), abs=1e-6
        )
        file, manifest = export(workspace.root, "1")
        names = [LINES["targets"], "local"]
        served = publish.publish(workspace, file, manifest, names, given.loop.publish)
        assert [(one.target, one.changed) for one in served] == [(name, True) for name in names]
        assert (workspace.root / "share/weldspot" / manifest.file).read_bytes() == file.read_bytes()
        section = SECTION.model_copy(update={"statistics": [LINES["statistics"]]})
        assert verdict_of_two_labels_each(section).outcome == judging.DRIFT
    classes = sorted({name for row in rows(workspace, "ingest", "labels") for name in row})
    assert classes == ["Crack", "Good Welding", "Porosity"]
    plain = given.augment.model_copy(update={"extra": []})
    first = table.column_table(workspace.artifact("preprocess"), ["id", "image"]).to_pylist()[0]
    variant = next(row for row in rows(workspace, "augment", "image"))
    import cv2

    picture = cv2.imdecode(np.frombuffer(first["image"], np.uint8), cv2.IMREAD_COLOR)
    shaded = cv2.imdecode(np.frombuffer(variant, np.uint8), cv2.IMREAD_COLOR)
    unshaded = augmentations.augment(picture, plain, first["id"], 1)
    assert shaded[:, -1].mean() < unshaded[:, -1].mean(), "worker processes have it too"


def rows(workspace: Workspace, stage: str, column: str) -> list:
    return table.column_table(workspace.artifact(stage), ["id", column])[column].to_pylist()


def verdict_of_two_labels_each(section: judging.Gate) -> judging.Verdict:
    rng = np.random.default_rng(0)
    reference, current = photographs(rng, 200), photographs(rng, 200)
    limits = calibration.calibrate(reference, 200, THRESHOLDS, section, 0.05)
    current.labels[:, 0] = 1
    return judging.judge(CASE, reference, current, THRESHOLDS, limits, section)


def test_one_of_an_installed_package(tmp_path: Path, plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    write(site, {"weld_extras.py": FILES["backbones/strides.py"]})
    for version in ("1.0", "1.1"):
        information = {"METADATA": f"Metadata-Version: 2.1\nName: weld-extras\nVersion: {version}\n"}
        information["entry_points.txt"] = "[weldspot.backbones]\nstrides = weld_extras:extractor\n"
        write(tmp_path / version / f"weld_extras-{version}.dist-info", information)
    monkeypatch.syspath_prepend(site)
    codes = []
    for version in ("1.0", "1.1"):
        with monkeypatch.context() as installed:
            installed.syspath_prepend(tmp_path / version)
            assert params(training={"backbone": "strides"}).training.backbone == "strides"
            codes.append(resolver.made_of("backbones", "strides"))
            model = classifier.build("strides", 64, 7)
            assert backbones.backbone_of(model) == "strides"
    assert codes == [f"weld_extras:extractor of weld-extras=={version}" for version in ("1.0", "1.1")]


def test_the_key_of_an_experiment_changes_with_the_code_that_it_uses(
    workspace: Workspace, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tiny_workspace

    from weldspot.stages import train

    tiny_workspace.fill(workspace)
    keys = []
    for text in (FILES["losses/easy.py"], FILES["losses/easy.py"] + "# the same\n"):
        write(plugins, {"losses/easy.py": text})
        section = params(training={"loss": LINES["losses"]}).training
        keys.append(experiment_key(workspace, [section], train._own_code(section)))
    assert keys[0] != keys[1]
    assert train._own_code(params().training) == []


# each by itself: what does not fit is one line


def refused(kind: str, said: str) -> pytest.RaisesExc[WeldspotError]:
    return pytest.raises(WeldspotError, match=f"^{re.escape(resolver.KEYS[kind])}: {OWN}: it {re.escape(said)}; docs/")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return 3", "gives int, not a Keras tensor"),
        ("return keras.layers.Flatten()(x)", "gives a tensor [None, 12288], not [batch, rows, columns, channels]"),
    ],
)
def test_a_backbone_gives_a_map_of_features(plugins: Path, body: str, said: str) -> None:
    own(plugins, "backbones", f"import keras\ndef it(x, weights):\n    {body}\n")
    with refused("backbones", said):
        classifier.build(OWN, 64, 7)


def test_batch_norm_inside_a_model_that_is_a_layer_is_frozen_too(plugins: Path) -> None:
    body = """
import keras
def it(inputs, weights):
    inner = keras.Input((None, None, 3))
    block = keras.Model(inner, keras.layers.BatchNormalization()(keras.layers.Conv2D(4, 3, 2)(inner)))
    return block(inputs)
"""
    own(plugins, "backbones", body)
    model = classifier.build(OWN, None, 7)
    nested = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    assert [layer.trainable for layer in nested[0].layers if isinstance(layer, keras.layers.BatchNormalization)] == [
        False
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return None", "gives NoneType for a picture uint8[8, 9, 3], not another of that kind"),
        ("return bgr[1:]", "gives uint8[7, 9, 3] for a picture uint8[8, 9, 3]"),
        ("return bgr / 255", "gives float64[8, 9, 3] for a picture uint8[8, 9, 3]"),
    ],
)
def test_an_augmentation_gives_a_picture(plugins: Path, body: str, said: str) -> None:
    own(plugins, "augmentations", f"def it(bgr, rng):\n    {body}\n")
    section = params(augment={"extra": [OWN]}).augment
    with (
        refused("augmentations", said) if "not another" in said else pytest.raises(WeldspotError, match=re.escape(said))
    ):
        augmentations.augment(np.zeros((8, 9, 3), np.uint8), section, "ab", 1)


def test_an_augmentation_has_its_own_numbers_and_its_own_picture(plugins: Path) -> None:
    own(plugins, "augmentations", "def it(bgr, rng):\n    bgr[:] = rng.integers(256)\n    return bgr\n")
    section = params(augment={"extra": [OWN]}).augment
    picture = np.zeros((8, 9, 3), np.uint8)
    drawn = [
        augmentations.augment(picture, section, image, variant)[0, 0, 0] for image in ("ab", "cd") for variant in (1, 2)
    ]
    assert len(set(drawn)) > 2
    assert drawn[0] == augmentations.augment(picture, section, "ab", 1)[0, 0, 0]
    assert not picture.any(), "it is the next variant's too"
    own(plugins, "augmentations", "def it(bgr, rng):\n    rng.random(100)\n    return bgr\n")
    resolver.use(None)
    resolver.use(plugins)
    noisy = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    plain = section.model_copy(update={"extra": []})
    assert (augmentations.augment(noisy, section, "ab", 1) == augmentations.augment(noisy, plain, "ab", 1)).all()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return keras.ops.mean(logits)", "gives an array [] for two pictures, not one number for each"),
        ("return 0.0", "gives float for two pictures, not one number for each"),
        ("return keras.ops.log(keras.ops.sum(logits, -1))", "gives something else than numbers for logits of 0"),
    ],
)
def test_a_loss_gives_a_number_for_each_picture(plugins: Path, body: str, said: str) -> None:
    own(plugins, "losses", f"import keras\ndef it(truth, logits, weights):\n    {body}\n")
    labels = np.eye(7, dtype=np.uint8)
    with refused("losses", said):
        loss.objective(labels, False, tiny.training(loss=OWN))


@pytest.mark.parametrize("exclusive", [False, True])
def test_a_loss_is_given_smoothed_labels_and_weights(plugins: Path, exclusive: bool) -> None:
    """The one that is built in, written as one's own, gives the same numbers."""
    form = {
        False: "ops.mean((1 + hard * (weights - 1)) * ops.binary_crossentropy(truth, logits, from_logits=True), -1)",
        True: "ops.sum(hard * weights, -1) * ops.categorical_crossentropy(truth, logits, from_logits=True)",
    }[exclusive]
    begin = "from keras import ops\ndef it(truth, logits, weights):\n    hard = ops.cast(truth > 0.5, truth.dtype)\n"
    own(plugins, "losses", f"{begin}    return {form}\n")
    labels = np.eye(7, dtype=np.uint8)[[0, 0, 0, 1, 2, 3, 4]]
    logits = np.random.default_rng(0).normal(size=(7, 7)).astype(np.float32)
    section = tiny.training(label_smoothing=0.1)
    ours, theirs = (
        loss.objective(labels, exclusive, one)(labels.astype(np.float32), logits)
        for one in (section, section.model_copy(update={"loss": OWN}))
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return 0.5", "gives float, not one number for each of 7 classes"),
        ("return truth.mean(1)", "gives float64[14], not one number for each of 7 classes"),
        ("return ['a'] * 7", "gives list, not one number for each of 7 classes"),
    ],
)
def test_a_metric_gives_a_number_for_each_class(plugins: Path, body: str, said: str) -> None:
    own(plugins, "metrics", f"def it(truth, scores):\n    {body}\n")
    truth = np.tile(np.eye(7, dtype=np.uint8), (2, 1))
    with refused("metrics", said):
        scores.scores(WELD, truth, truth.astype(np.float64), np.full(7, 0.5), 10, [OWN])


def test_what_a_metric_can_not_measure_is_no_number_and_not_in_the_mean(plugins: Path) -> None:
    own(
        plugins,
        "metrics",
        "def it(truth, scores):\n    scores[:] = 0\n    return [1, 2, float('nan'), float('inf'), 3, 4, 5]\n",
    )
    truth = np.tile(np.eye(7, dtype=np.uint8), (2, 1))
    found = scores.scores(WELD, truth, truth.astype(np.float64), np.full(7, 0.5), 10, [OWN])
    assert [row["it"] for row in found["per_class"].values()] == [1.0, 2.0, None, None, 3.0, 4.0, 5.0]
    assert found["mean"]["it"] == 3.0
    assert found["mean"]["average_precision"] == 1.0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return 3", r"^source.maker: own_kind:it: it gives int, not the version as text, or None; docs/"),
        ("pass", r"^own_kind:it: no image in it, nor any other file"),
        (
            "raise KeyError('token')",
            r"^source.maker: own_kind:it: KeyError in plugins/sources/own_kind.py, line 2: 'token'$",
        ),
        (
            "return options['none']",
            r"^source.maker: own_kind:it: KeyError in plugins/sources/own_kind.py, line 2: 'none'$",
        ),
    ],
)
def test_a_source_that_makes_no_export_leaves_none(plugins: Path, body: str, said: str) -> None:
    own(plugins, "sources", f"def it(folder, **options):\n    {body}\n")
    workspace = Workspace(plugins.parent)
    source = {
        "name": "custom",
        "path": "plugins/sources",
        "background": fetch.NO_BACKGROUND,
        "maker": OWN,
        "options": {},
    }
    with pytest.raises(WeldspotError, match=said):
        fetch.main(workspace, params(source=source).select(fetch.Params))
    assert not workspace.artifact("fetch").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it = 3\n", "it has no TITLE, MISSING, NEEDS, FILES, survey, read"),
        ("def survey(self, archive, members):\n        return {}", "it gives dict as its survey, not a Survey"),
        (
            "def survey(self, archive, members):\n        return 1 / 0",
            "ZeroDivisionError in plugins/layouts/own_kind.py",
        ),
        ("def read(self, archive, found):\n        yield 'a'", "it gives str for an image, not a Record or Rejected"),
        (
            "def read(self, archive, found):\n        yield 1 / 0",
            "ZeroDivisionError in plugins/layouts/own_kind.py, line",
        ),
    ],
)
def test_a_layout_surveys_and_reads(plugins: Path, tmp_path: Path, text: str, said: str) -> None:
    whole = FILES["layouts/lines.py"] + f"class Own(Lines):\n    {text}\nit = Own()\n"
    own(plugins, "layouts", text if text.startswith("it") else whole)
    files = {"a.png": exports.photo("train/seam-a_jpg.rf.0a.jpg"), "labels.txt": b"a.png;Crack\n"}
    (tmp_path / "in.zip").write_bytes(exports.zipped(files))
    with recognition.Archive(tmp_path / "in.zip") as archive, pytest.raises(WeldspotError, match=re.escape(said)):
        list(recognition.read(archive, recognition.recognise(archive, "here", [OWN])))


def test_a_layout_that_explains_an_export_goes_first_and_one_that_does_not_changes_nothing(
    plugins: Path, tmp_path: Path
) -> None:
    write(plugins)
    plain = exports.voc()
    (tmp_path / "in.zip").write_bytes(exports.zipped(plain))
    with recognition.Archive(tmp_path / "in.zip") as archive:
        assert recognition.recognise(archive, "here", [LINES["layouts"]]) == "voc"
    lines = "".join(f"{name};Crack\n" for name in plain if name.endswith(".jpg"))
    (tmp_path / "in.zip").write_bytes(exports.zipped(plain | {"labels.txt": lines.encode()}))
    with recognition.Archive(tmp_path / "in.zip") as archive:
        assert recognition.recognise(archive, "here", [LINES["layouts"]]) == "lines:lines"
        items = list(recognition.read(archive, "lines:lines"))
        nothing = exports.zipped({"a.png": exports.photo("train/seam-a_jpg.rf.0a.jpg")})
    assert {label for item in items if isinstance(item, recognition.Record) for label in item.labels} == {"Crack"}
    (tmp_path / "in.zip").write_bytes(nothing)
    with (
        recognition.Archive(tmp_path / "in.zip") as archive,
        pytest.raises(WeldspotError, match=f"none of the {len(LAYOUTS) + 1} layouts that are read"),
    ):
        recognition.recognise(archive, "here", [LINES["layouts"]])


def test_a_statistic_is_judged_by_a_limit_of_its_own_and_named(plugins: Path) -> None:
    write(plugins)
    section = SECTION.model_copy(update={"statistics": [LINES["statistics"]]})
    found = verdict_of_two_labels_each(section)
    one = next(one for one in found.statistics or [] if one.name == "own: several")
    assert one.moved
    assert one.limit >= section.min_effect
    assert one.value == pytest.approx(6 / 7, abs=0.1)
    assert f"several: {one.value:.3g} (limit {one.limit:.3g})" in found.reasons
    names = statistics.names(CLASSES, section.statistics)
    assert [row.name for row in found.statistics or []] == list(names)
    assert len(names) == len(statistics.names(CLASSES)) + 1


@pytest.mark.parametrize("given", ["None", "True", "'0.1'", "reference.scores"])
def test_a_statistic_is_a_number(plugins: Path, given: str) -> None:
    own(plugins, "statistics", f"def it(reference, current):\n    return {given}\n")
    sample = photographs(np.random.default_rng(0), 50)
    with pytest.raises(WeldspotError, match=r"^loop.gate.statistics: own_kind:it: it gives \w+, not a number; docs/"):
        statistics.measure(sample, sample, THRESHOLDS, [OWN])


def test_a_statistic_that_can_not_be_measured_is_no_calm(plugins: Path) -> None:
    own(plugins, "statistics", "def it(reference, current):\n    return float('nan')\n")
    section = SECTION.model_copy(update={"statistics": [OWN]})
    sample = photographs(np.random.default_rng(0), 200)
    limits = calibration.DriftLimits(np.full(len(statistics.names(CLASSES, [OWN])), 0.9), 200, 0.01)
    found = judging.judge(CASE, sample, sample, THRESHOLDS, limits, section)
    assert (found.outcome, found.reasons) == ("insufficient-data", ["own: it: can't be measured"])


A_TARGET = "class it:\n    def __init__(self, *a): pass\n    def served(self): return 3\n    def publish(self, f, m): "


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def it(*a):\n    return 3\n", "it gives int, which has no served and no publish"),
        (f"{A_TARGET}return 1\n", "it publishes and gives int, not whether that changed anything"),
        (f"{A_TARGET}m.x\n", "AttributeError in plugins/targets/own_kind.py, line 4"),
    ],
)
def test_a_target_that_fails_stops_no_other(plugins: Path, text: str, said: str) -> None:
    own(plugins, "targets", text)
    workspace = Workspace(plugins.parent)
    file, manifest = export(workspace.root, "1")
    section = params().loop.publish
    with pytest.raises(WeldspotError) as error:
        publish.publish(workspace, file, manifest, [OWN, "local"], section)
    assert str(error.value).startswith(f"{OWN}: loop.publish.targets: {OWN}: ")
    assert said in str(error.value)
    assert publish.target(workspace, "local", section, "weldspot").served() == ServedManifest.of(manifest)


# the command line


def weldspot(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "weldspot.cli", "-C", str(folder), *arguments],
        capture_output=True, text=True, check=False, cwd=folder.parent,
    )  # fmt: skip


def test_the_command_line_opens_the_plugins_of_its_project(tmp_path: Path) -> None:
    project = tmp_path / "a project"
    write(project / "plugins")
    given = yaml.safe_load((ROOT / "params.yaml").read_text()) | json.loads(
        chosen().model_dump_json(include={"source"})
    )
    given["ingest"]["layouts"] = [LINES["layouts"]]
    (project / "params.yaml").write_text(yaml.safe_dump(given))
    done = weldspot(project, "run", "fetch")
    assert (done.returncode, done.stderr) == (0, "")
    assert '"layout": "lines:lines"' in (project / "artifacts/fetch/provenance.json").read_text()
    given["evaluate"]["metrics"] = ["gone:brier"]
    (project / "params.yaml").write_text(yaml.safe_dump(given))
    done = weldspot(project, "run", "fetch")
    assert done.returncode == 1
    assert done.stderr == (
        "weldspot: error: evaluate.metrics: gone:brier: no such file: plugins/metrics/gone.py; "
        "write it, or correct the name\n"
    )
