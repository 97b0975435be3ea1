"""export: the phone's file, checked as the phone will run it, and registered."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weldspot.config.parameters import Params
from weldspot.images import dataset
from weldspot.labels import CLASSES
from weldspot.model.evaluation import metrics
from weldspot.model.export import card, checks
from weldspot.model.export.phone_model import PhoneModel, sha256
from weldspot.runtime.atomic import whole, write_json
from weldspot.runtime.tensorflow_import import silenced
from weldspot.registry import registration
from weldspot.tracking import lineage_tags, runs
from weldspot.tracking.experiment_key import read_key

MAIN, HALF = "model-int8.tflite", "model-float16.tflite"
EXPORT = Path("artifacts/export")


def main(params: Params) -> None:
    """Writes artifacts/export and reports/export, and registers the int8 file with what belongs to it."""
    from weldspot.model.export import tflite
    from weldspot.model.network import classifier
    from weldspot.model.training import minibatches
    from weldspot.model.export.quantisation import convert_int8

    model = classifier.load(Path("artifacts/train"))
    score = classifier.scorer(model)
    test = dataset.load("test")
    keras_probabilities = minibatches.predict(score, test)[0]
    latency = {}
    with whole(EXPORT) as folder, whole(Path("reports/export")) as reports:
        print("export: converting to int8 and float16")
        with silenced():  # a page of the converter's own warnings
            (folder / MAIN).write_bytes(convert_int8(score, _calibration(params)))
            (folder / HALF).write_bytes(tflite.convert_float16(score))
        files = {}
        for name in (MAIN, HALF):
            phone = PhoneModel(folder / name)
            probabilities, latency[name] = phone.predict(test)
            files[name] = _scores(test.labels, keras_probabilities, probabilities, folder / name)
            if name == MAIN:
                main_probabilities, spec = probabilities, phone.input_spec()
                _write_reference(folder / "reference.parquet", phone, test, probabilities)
        verdict = checks.as_json(checks.judge(params.export.checks, params.preprocess, files[MAIN], spec))
        classes = _classes(test.labels, main_probabilities)
        manifest = _manifest(params, files, spec, classes, verdict, (folder / MAIN).stat().st_size)
        write_json(folder / "manifest.json", manifest)
        _write_membership(folder / "membership.parquet")
        write_json(reports / "checks.json", verdict | {"files": files})
        (reports / "model_card.md").write_text(_card(params, model.name, files, spec, classes, verdict))
    _register(params, files, latency, verdict)


def _calibration(params: Params) -> dataset.Images:
    """Training originals at even steps: what the quantiser sees must not be what it is judged on."""
    train = dataset.load("train")
    originals = np.flatnonzero(train.variants == 0)
    chosen = originals[
        np.linspace(0, len(originals) - 1, min(params.export.calibration_images, len(originals)), dtype=int)
    ]
    return train.take(chosen)


def _scores(truth: np.ndarray, keras: np.ndarray, phone: np.ndarray, path: Path) -> dict:
    ap = metrics.mean(metrics.average_precision(truth, phone))
    return {
        "sha256": sha256(path),
        "megabytes": round(path.stat().st_size / 1e6, 3),
        "mean_average_precision": round(ap, 6),
        "mean_roc_auc": round(metrics.mean(metrics.roc_auc(truth, phone)), 6),
        "average_precision_loss": round(metrics.mean(metrics.average_precision(truth, keras)) - ap, 6),
        "probability_gap": round(float(np.abs(keras - phone).mean()), 6),
    }


def _write_reference(path: Path, phone: PhoneModel, test: dataset.Images, scores: np.ndarray) -> None:
    """The drift gate's reference with the scores of the phone's file, since those are what comes back."""
    val = dataset.load("val")
    by_id = dict(zip([*val.ids, *test.ids], np.concatenate([phone.predict(val)[0], scores]), strict=True))
    found = pq.read_table("artifacts/evaluate/reference.parquet")
    rows = np.stack([by_id[i] for i in found["id"].to_pylist()])
    for column, name in enumerate(CLASSES):
        index = found.schema.get_field_index(name)
        found = found.set_column(index, name, pa.array(rows[:, column].astype(np.float32)))
    pq.write_table(found, path, compression="zstd")


def _write_membership(path: Path) -> None:
    """Which original was in which split: a later model may be compared only on what neither has learnt from."""
    rows = pq.read_table(dataset.MANIFEST, filters=[("variant", "==", 0)], columns=["id", "group", "split"])
    pq.write_table(rows, path, compression="zstd")


def _classes(truth: np.ndarray, phone: np.ndarray) -> dict[str, dict]:
    thresholds = json.loads(Path("artifacts/evaluate/thresholds.json").read_text())
    scores = zip(CLASSES, metrics.average_precision(truth, phone), metrics.roc_auc(truth, phone), strict=True)
    return {
        name: {
            "average_precision": None if np.isnan(ap) else round(float(ap), 6),
            "roc_auc": None if np.isnan(auc) else round(float(auc), 6),
            "threshold": thresholds[name],
        }
        for name, ap, auc in scores
    }


def _manifest(params: Params, files: dict, spec: dict, classes: dict, verdict: dict, size: int) -> dict:
    """What a phone needs to run the file of `size` bytes, and what leads from it back to the data and the commit."""
    return {
        "name": params.tracking.model,
        "file": MAIN,
        "sha256": files[MAIN]["sha256"],
        "bytes": size,
        "labels": list(CLASSES),
        "thresholds": {name: row["threshold"] for name, row in classes.items()},
        "input": spec | {"colour": "RGB", "resize": params.preprocess.fit},
        "outputs": {"probabilities": [1, len(CLASSES)], "heatmaps": "[1, height, width, 7], same order"},
        "metrics": {name: files[MAIN][name] for name in ("mean_average_precision", "mean_roc_auc")},
        "checks_passed": verdict["passed"],
        "git_commit": lineage_tags.commit(),
        "dvc_lock": lineage_tags.lock_hash(),
        "mlflow": {"experiment": params.tracking.experiment, "tag": runs.KEY_TAG, "key": read_key()},
    }


def _card(params: Params, backbone: str, files: dict, spec: dict, classes: dict, verdict: dict) -> str:
    facts = {
        "name": params.tracking.model,
        "backbone": backbone,
        "size": params.preprocess.size,
        "key": read_key(),
        "commit": lineage_tags.commit()[:12],
        "verdict": "passes its checks" if verdict["passed"] else "does not pass its checks",
        "checks": verdict["checks"],
        "files": files,
        "classes": classes,
        "main": MAIN,
        "shape": "×".join(map(str, spec["shape"])),
        "dtype": spec["dtype"],
        "fit": "stretched" if params.preprocess.fit == "stretch" else "letterboxed",
    }
    return card.write(facts)


def _register(params: Params, files: dict, latency: dict[str, float], verdict: dict) -> None:
    with runs.stage_run(params, "export") as run:
        for name, row in files.items():
            short = name.removesuffix(".tflite").removeprefix("model-")
            run.metrics({f"export.{short}.{k}": v for k, v in row.items() if k != "sha256"})
            run.metrics({f"export.{short}.milliseconds": latency[name]})
        run.artifacts(Path("reports/export"))
        version = registration.register(params.tracking.model, EXPORT, files[MAIN]["sha256"], run, verdict["passed"])
    failed = [f"{c['check']}: {c['reason']}" for c in verdict["checks"] if not c["passed"]]
    state = "staging" if verdict["passed"] else "not staging, since " + "; ".join(failed)
    row = files[MAIN]
    print(
        f"export: {MAIN}: mean AP {row['mean_average_precision']:.4f}, mean AUC {row['mean_roc_auc']:.4f}, "
        f"{row['megabytes']:.2f} MB, {latency[MAIN]:.1f} ms an image here; version {version} is {state}"
    )
