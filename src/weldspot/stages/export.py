"""export: the phone's file, checked as the phone will run it, and registered."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import FiniteFloat

from weldspot.config.sections.base import StageParams
from weldspot.config.sections.export import Export
from weldspot.config.sections.labels import Labels
from weldspot.config.sections.preprocess import Preprocess
from weldspot.config.sections.source import Source
from weldspot.config.sections.tracking import Tracking
from weldspot.contracts.manifest import Experiment, Input, Manifest, Metrics, Outputs
from weldspot.images import dataset
from weldspot.model.evaluation import metrics, pointing, reference
from weldspot.model.evaluation.class_thresholds import NEVER
from weldspot.model.export import card, checks
from weldspot.model.export.card import CardFacts, ClassFacts
from weldspot.model.export.known_classes import UnknownClasses, unknown_classes
from weldspot.model.export.phone_model import InputSpec, PhoneModel
from weldspot.registry.model_registry import ModelRegistry
from weldspot.registry.registration import Registered, register
from weldspot.runtime import git, state_files
from weldspot.runtime.atomic import replacing_folder, write_bytes, write_json
from weldspot.runtime.dvc_lock import lock_hash
from weldspot.runtime.tensorflow_import import silenced
from weldspot.tracking import runs
from weldspot.tracking.experiment_key import read_key

if TYPE_CHECKING:
    import keras

    from weldspot.workspace import Workspace

Read = TypeVar("Read")
MAIN, HALF = "model-int8.tflite", "model-float16.tflite"


class Params(StageParams):
    """`preprocess`: what the phone has to do before the model, or can't; `source`: what the card says of the data."""

    labels: Labels
    export: Export
    preprocess: Preprocess
    source: Source
    tracking: Tracking


def main(workspace: "Workspace", params: Params) -> None:
    """Writes artifacts/export and reports/export, and registers the int8 file with what belongs to it.

    Raises:
        WeldspotError: there is no model, a file does not load in the phone's runtime, or MLflow does not answer.
    """
    from weldspot.model.network import classifier
    from weldspot.model.network.backbones import backbone_of
    from weldspot.model.network.inference import predict

    names = params.labels.class_list()
    model = classifier.load(workspace.artifact("train"), names)
    score = classifier.scorer(model, names.exclusive)
    train, val, test = (dataset.load(workspace, names, split, variants=False) for split in ("train", "val", "test"))
    unknown = unknown_classes(names.names, {"train": train.labels, "val": val.labels, "test": test.labels})
    keras_probabilities, keras_maps = predict(score, test)
    points = pointing.mean(pointing.measured(test, keras_maps), "pointing")
    latency, files, probabilities, places = {}, {}, {}, {}
    with (
        replacing_folder(workspace.artifact("export")) as folder,
        replacing_folder(workspace.report("export")) as reports,
    ):
        _convert(score, _calibration(train, params.export), folder)
        for name in (MAIN, HALF):
            probabilities[name], latency[name], maps = PhoneModel(folder / name).predict(test)
            places[name] = pointing.measured(test, maps)
            where = points, pointing.mean(places[name], "pointing")
            files[name] = checks.measure(test.labels, keras_probabilities, probabilities[name], folder / name, where)
        phone = PhoneModel(folder / MAIN)
        spec = phone.input_spec()
        slices = _evaluated(workspace, "slices.json", dict[str, checks.SliceBounds])
        report = checks.judge(params.export.checks, params.preprocess, files[MAIN], spec, len(names), unknown, slices)
        classes = _classes(workspace, test, probabilities[MAIN], unknown, places[MAIN])
        manifest = _manifest(
            workspace, params, (folder / MAIN, files[MAIN]), spec, classes, list(unknown), report.passed
        )
        _write_reference(workspace, folder / "reference.parquet", phone, val, test, probabilities[MAIN])
        _write_membership(workspace, folder / "membership.parquet")
        write_bytes(folder / "manifest.json", manifest.json_bytes())
        write_json(reports / "checks.json", {"passed": report.passed, "checks": report.checks, "files": files})
        facts = CardFacts(manifest, backbone_of(model), report, files, classes, unknown, _rendered(params.source))
        (reports / "model_card.md").write_text(card.write(facts), encoding="utf-8")
    made = _register(workspace, params.tracking, manifest, files, latency)
    state = f"not staging: {made.not_staging}" if made.not_staging else "staging"
    if not report.passed:
        state = "not staging, since " + "; ".join(report.failures)
    row = files[MAIN]
    ap, auc = (
        "unknown" if score is None else f"{score:.4f}" for score in (row["mean_average_precision"], row["mean_roc_auc"])
    )
    print(
        f"export: {MAIN}: mean AP {ap}, mean AUC {auc}, {row['megabytes']:.2f} MB, "
        f"{latency[MAIN]:.1f} ms an image here; version {made.version} is {state}"
    )


def _convert(score: "keras.Model", calibration: dataset.Images, folder: Path) -> None:
    from weldspot.model.export import tflite
    from weldspot.model.export.quantisation import convert_int8

    print("export: converting to int8 and float16")
    with silenced():  # a page of the converter's own warnings
        (folder / MAIN).write_bytes(convert_int8(score, calibration))
        (folder / HALF).write_bytes(tflite.convert_float16(score))


def _calibration(train: dataset.Images, section: Export) -> dataset.Images:
    """Training originals at even steps: what the quantiser sees must not be what it is judged on."""
    count = min(section.calibration_images, len(train))
    return train.take(np.linspace(0, len(train) - 1, count, dtype=int))


def _rendered(source: Source) -> str:
    """How the photographs of the export were rendered; "" where a camera took them."""
    return f"{source.images} photographs, seed {source.seed}" if source.name == "sample" else ""


def _classes(
    workspace: "Workspace",
    test: dataset.Images,
    phone: np.ndarray,
    unknown: UnknownClasses,
    places: dict[str, pointing.ClassPlaces],
) -> dict[str, ClassFacts]:
    names, truth = test.classes.names, test.labels
    thresholds = _thresholds(workspace.artifact("evaluate") / "thresholds.json", names)
    levels = _evaluated(workspace, "free_below.json", dict[str, FiniteFloat])
    scores = zip(names, metrics.average_precision(truth, phone), metrics.roc_auc(truth, phone), strict=True)
    return {
        name: {
            "average_precision": None if np.isnan(ap) else round(float(ap), 6),
            "roc_auc": None if np.isnan(auc) else round(float(auc), 6),
            "threshold": NEVER if name in unknown else thresholds[name],
            "free_below": None if name in unknown else levels.get(name),
            "where": places.get(name),
        }
        for name, ap, auc in scores
    }


def _thresholds(path: Path, names: tuple[str, ...]) -> dict[str, float]:
    found = state_files.read_json(path, dict[str, FiniteFloat], state_files.FROM_GRAPH)
    if missing := [name for name in names if name not in found]:
        raise state_files.Damaged(path, f"without {missing[0]}", state_files.FROM_GRAPH)
    return found


def _evaluated(workspace: "Workspace", name: str, kind: type[Read]) -> Read:
    return state_files.read_json(workspace.artifact("evaluate") / name, kind, state_files.FROM_GRAPH)


def _manifest(
    workspace: "Workspace",
    params: Params,
    measured: tuple[Path, checks.FileScores],
    spec: InputSpec,
    classes: dict[str, ClassFacts],
    unknown: list[str],
    passed: bool,
) -> Manifest:
    """What a phone needs to run the file, and what leads from it back to the data and the commit."""
    path, file = measured
    return Manifest(
        name=params.tracking.model,
        file=MAIN,
        sha256=file["sha256"],
        bytes=path.stat().st_size,
        labels=params.labels.names,
        thresholds={name: row["threshold"] for name, row in classes.items()},
        free_below={name: level for name, row in classes.items() if (level := row["free_below"]) is not None},
        unknown=unknown,
        maps=[name for name, row in classes.items() if card.map_is_shown(row) and name not in unknown],
        classes=params.labels.shown(),
        background=params.labels.background,
        exclusive=params.labels.exclusive,
        aliases=params.labels.aliases,
        retired=params.labels.retired,
        input=Input(
            shape=(1, spec.side, spec.side, 3), dtype=spec.dtype, scale=spec.scale,
            zero_point=spec.zero_point, colour="RGB", resize=params.preprocess.fit,
        ),
        outputs=Outputs(
            probabilities=(1, len(classes)), heatmaps=f"[1, height, width, {len(classes)}], same order"
        ),
        metrics=Metrics(
            mean_average_precision=file["mean_average_precision"], mean_roc_auc=file["mean_roc_auc"]
        ),
        checks_passed=passed,
        git_commit=git.head(workspace.root),
        dvc_lock=lock_hash(workspace.root),
        mlflow=Experiment(experiment=params.tracking.experiment, tag=runs.KEY_TAG, key=read_key(workspace)),
    )  # fmt: skip


def _write_reference(
    workspace: "Workspace",
    path: Path,
    phone: PhoneModel,
    val: dataset.Images,
    test: dataset.Images,
    probabilities: np.ndarray,
) -> None:
    scores = dict(zip([*val.ids, *test.ids], np.concatenate([phone.predict(val)[0], probabilities]), strict=True))
    reference.write_rescored(path, workspace.artifact("evaluate") / "reference.parquet", val.classes.names, scores)


def _write_membership(workspace: "Workspace", path: Path) -> None:
    """Which original was in which split: a later model may be compared only on what neither has learnt from."""
    columns = ["id", "group", "split"]
    rows = state_files.read_parquet(workspace.split_manifest, [*columns, "variant"], state_files.FROM_GRAPH)
    pq.write_table(rows.filter(pc.equal(rows["variant"], 0)).select(columns), path, compression="zstd")


def _register(
    workspace: "Workspace",
    section: Tracking,
    manifest: Manifest,
    files: dict[str, checks.FileScores],
    latency: dict[str, float],
) -> Registered:
    """The version that holds the file; its run gets what was measured."""
    with runs.stage_run(workspace, section, "export") as run:
        for name, row in files.items():
            short = name.removesuffix(".tflite").removeprefix("model-")
            numbers = {key: value for key, value in row.items() if isinstance(value, float)}
            run.metrics({f"export.{short}.{key}": value for key, value in numbers.items()})
            run.metrics({f"export.{short}.milliseconds": latency[name]})
        run.artifacts(workspace.report("export"))
        return register(workspace, ModelRegistry(workspace, section), manifest, run)
