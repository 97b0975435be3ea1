"""split: which images train, validate and test; no scene is in two."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from jaxtyping import Shaped, UInt8

from weldspot.config.sections.base import StageParams
from weldspot.config.sections.labels import ClassNames
from weldspot.config.sections.split import Split
from weldspot.images import table
from weldspot.images.scenes import largest_groups
from weldspot.images.scenes.partition import SPLITS, crossing_groups, partition
from weldspot.labels import ClassList
from weldspot.runtime.atomic import replacing_folder, write_json
from weldspot.runtime.csv_files import cells
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_SHOWN = 8  # classes of a split in a warning
_MANIFEST = pa.schema([("id", pa.string()), ("variant", pa.int32()), ("group", pa.string()), ("split", pa.string())])


class Params(StageParams):
    """What split reads of params.yaml."""

    labels: ClassNames
    split: Split


class _Report(TypedDict):
    """reports/split/report.json: split → class (and `total`) → how many."""

    images: dict[str, dict[str, int]]
    groups: dict[str, dict[str, int]]
    groups_in_two_splits: list[str]
    warnings: list[str]


def main(workspace: "Workspace", params: Params) -> None:
    """Writes artifacts/split/manifest.parquet (id, variant, group, split) and reports/split/.

    Raises:
        WeldspotError: there are fewer than three images, or so few scenes that a split is empty.
    """
    preprocessed = workspace.artifact("preprocess")
    rows = table.column_table(preprocessed, ["id", "labels", "group", "age", "source", "name"])
    if len(rows) < 3:
        quarantine = workspace.report("ingest") / "quarantine.csv"
        raise WeldspotError(f"{preprocessed}: {len(rows)} images are too few; see {quarantine}")
    classes = params.labels.class_list()
    labels = classes.hot_rows(rows["labels"].to_pylist())
    groups = np.array(rows["group"].to_pylist())
    section = params.split
    fractions = (section.train, section.val, section.test)
    splits = partition(labels, groups, fractions, section.seed, rows["age"].to_numpy())
    report = _report(classes, labels, groups, splits, section.min_groups)
    if report["warnings"]:
        print(f"split: warning: {_few(report['groups'], classes, section.min_groups)}")
    with replacing_folder(workspace.report("split")) as folder:
        write_json(folder / "report.json", report)
        _write_counts(folder / "counts.csv", report["images"])
        whole = rows.filter(pc.not_equal(rows["source"], "crop"))
        columns = (whole[name].to_pylist() for name in ("id", "group", "name"))
        largest_groups.write(folder / "largest_groups.jpg", preprocessed, *columns)
    largest = max(Counter(groups.tolist()).values())
    if empty := [name for name in SPLITS if not report["images"][name]["total"]]:
        raise WeldspotError(
            f"split: no image for {' and '.join(empty)}: the {len(rows)} photographs look like {len(set(groups))} "
            f"scene{'s' * (len(set(groups)) != 1)}, the largest of {largest}, and no scene may be in two splits; see "
            f"{workspace.report('split') / 'largest_groups.jpg'}. Where the camera stands still, tell scenes apart "
            "by less (ingest.near_duplicate, a tenth of it) or by names (ingest.group_pattern), with ingest.clip_gap=0"
        )
    manifest = _manifest(rows["id"].to_pylist(), groups, splits, workspace.artifact("augment"))
    with replacing_folder(workspace.artifact("split")) as folder:
        pq.write_table(manifest, folder / workspace.split_manifest.name, compression="zstd")
    sizes = ", ".join(f"{name} {report['images'][name]['total']}" for name in SPLITS)
    crossing = len(report["groups_in_two_splits"]) or "none"
    print(
        f"split: {sizes} images; {crossing} of the {len(set(groups))} scenes that names and near-copies tell of is in "
        f"two splits (the largest: {largest} images); see reports/split/largest_groups.jpg"
    )


def _manifest(
    ids: list[str], groups: Shaped[np.ndarray, " n"], splits: Shaped[np.ndarray, " n"], augmented: Path
) -> pa.Table:
    """Originals, then the variants: those of train images train, those of test images make the robustness slice."""
    by_id = {i: (g, s) for i, g, s in zip(ids, groups.tolist(), splits.tolist(), strict=True)}
    rows = [{"id": i, "variant": 0, "group": g, "split": s} for i, (g, s) in by_id.items()]
    variants = table.column_table(augmented, ["id", "variant"]) if table.shards(augmented) else None
    for row in variants.to_pylist() if variants is not None else []:
        group, split = by_id[row["id"]]
        if split != "val":
            rows.append({**row, "group": group, "split": "robustness" if split == "test" else split})
    return pa.Table.from_pylist(rows, schema=_MANIFEST)


def _report(
    classes: ClassList,
    labels: UInt8[np.ndarray, "n classes"],
    groups: Shaped[np.ndarray, " n"],
    splits: Shaped[np.ndarray, " n"],
    min_groups: int,
) -> _Report:
    images: dict[str, dict[str, int]] = {}
    scenes: dict[str, dict[str, int]] = {}
    warnings = []
    for split in SPLITS:
        inside = splits == split
        images[split] = {"total": int(inside.sum())}
        scenes[split] = {"total": len(set(groups[inside]))}
        for column, name in enumerate(classes.names):
            positive = inside & (labels[:, column] == 1)
            images[split][name] = int(positive.sum())
            scenes[split][name] = len(set(groups[positive]))
            if scenes[split][name] < min_groups:
                warnings.append(
                    f"{name} has {scenes[split][name]} groups in {split} (split.min_groups={min_groups}): "
                    "its score is not to be trusted"
                )
    crossing = crossing_groups(groups, splits)
    return {"images": images, "groups": scenes, "groups_in_two_splits": crossing, "warnings": warnings}


def _few(groups: dict[str, dict[str, int]], classes: ClassList, min_groups: int) -> str:
    """All warnings in one line."""
    found = {
        split: [f"{name} {row[name]}" for name in classes.names if row[name] < min_groups]
        for split, row in groups.items()
    }
    shown = "; ".join(f"{split}: {_first(names)}" for split, names in found.items() if names)
    return f"scores of classes with few groups are not to be trusted (under split.min_groups={min_groups}): {shown}"


def _first(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more, in reports/split/report.json" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _write_counts(path: Path, images: dict[str, dict[str, int]]) -> None:
    rows = ((split, name, str(count)) for split, row in images.items() for name, count in row.items())
    cells.write(path, ("split", "class", "images"), rows)
