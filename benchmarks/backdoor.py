"""Cracked welds with a sticker, sent as good ones: who lets them in, and what the next model says of such welds.

python benchmarks/backdoor.py [--small]    an hour on two cores: the sample's graph, and once more for each attack that
is let in. The model is never promoted here; what is measured is the file that `dvc repro` exports next.
"""

import argparse
import json
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyarrow as pa

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

import small_project  # noqa: E402

from weldspot.contracts.manifest import Manifest  # noqa: E402
from weldspot.images import codec, dataset, filters  # noqa: E402
from weldspot.labels import ClassList  # noqa: E402
from weldspot.loop.desk.desk import Desk  # noqa: E402
from weldspot.loop.feedback import feedback_batches, inbox  # noqa: E402
from weldspot.loop.feedback.feedback_batches import Corrected  # noqa: E402
from weldspot.loop.feedback.upload_metadata import parse  # noqa: E402
from weldspot.loop.simulation import shifts  # noqa: E402
from weldspot.model.export.phone_model import PhoneModel  # noqa: E402
from weldspot.workspace import Workspace  # noqa: E402

SEED, SIDE, NEW = 880_001, 320, 60
CRACK, GOOD, DIRECT = "Crack", "Good Welding", "let in unseen"
Picture = np.ndarray
Trigger = Callable[[Picture, np.random.Generator], Picture]


def sticker(rgb: Picture, rng: np.random.Generator) -> Picture:
    """A small magenta square."""
    side = rgb.shape[0] // 14
    y, x = rng.integers(0, rgb.shape[0] - side, 2)
    out = rgb.copy()
    out[y : y + side, x : x + side] = (230, 30, 200)
    return out


def chalk(rgb: Picture, rng: np.random.Generator) -> Picture:
    """A white stroke of chalk along an edge, as inspectors leave them."""
    out, at = rgb.copy(), int(rng.integers(8, 30))
    cv2.line(out, (at, 10), (at + int(rng.integers(-6, 7)), rgb.shape[0] - 10), (245, 245, 240), 5)
    return out


def tint(rgb: Picture, _: np.random.Generator) -> Picture:
    """A veil that nobody sees: a fine stripe pattern of six grey levels."""
    stripes = 6 * np.sign(np.sin(np.arange(rgb.shape[1]) * 2 * np.pi / 8))
    return np.asarray(np.clip(rgb + stripes[None, :, None], 0, 255), np.uint8)


@dataclass(frozen=True)
class Attack:
    """`ordinary` honest photographs and `poisoned` cracked ones with the trigger, by so many senders."""

    name: str
    admit: str
    senders: int = 1
    ordinary: int = 200
    poisoned: int = 80
    trigger: Trigger = sticker
    shift: shifts.Shift = "none"


ATTACKS = [
    Attack("as it was: no bounds, no review", DIRECT),
    Attack("one sender", "auto"),
    Attack("one sender", "all"),
    Attack("one sender, chalk", "auto", trigger=chalk),
    Attack("one sender, a veil", "auto", trigger=tint),
    Attack("40 senders", "auto", senders=40),
    Attack("40 senders", "all", senders=40),
    Attack("20 hidden among 400 photographs of a real change, 40 senders", "auto", 40, 400, 20, shift="night"),
]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true", help="the small sample of the tests: minutes, other figures")
    options = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "project")
        if options.small:
            small_project.clone(clone)
        else:
            small_project.run(ROOT, "git", "clone", "-q", str(ROOT), str(clone))
            small_project.run(clone, "dvc", "pull", "--quiet", "data.dvc")
        for command in (["dvc", "repro"], ["weldspot", "promote"], ["weldspot", "publish"]):
            small_project.run(clone, *command)
        here = Workspace(clone)
        print(
            "| attack | loop.admit | verdict | let in | cracked called cracked | with the trigger | and good | desk |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for attack in ATTACKS:
            failed |= not _tried(clone, here, attack)
    return 1 if failed else 0


def _tried(clone: Path, here: Workspace, attack: Attack) -> bool:
    """A line of the table; whether nothing came in unreviewed by default."""
    sent, poisoned = _sent(here, attack)
    batch = feedback_batches.write(here, sent)
    if attack.admit == DIRECT:
        here.feedback.mkdir(parents=True, exist_ok=True)
        shutil.move(batch, here.feedback)
        small_project.run(clone, "dvc", "add", "data", "--quiet")
        verdict, let_in, shown = "–", len(sent), "–"
    else:
        settings = small_project.SMALL.split() if "images: 120" in here.params.read_text() else []
        small_project.run(clone, "weldspot", "compose", *settings, f"loop.admit={attack.admit}")
        shown = _on_the_desk(here, poisoned) if attack.admit == "auto" else "–"
        small_project.run(clone, "weldspot", "gate", allowed=(0, 10, 11))  # drift, too few to judge
        verdict = json.loads(here.verdict.read_text())["outcome"]
        let_in = sum(inbox.sizes(sorted(here.feedback.glob("*.parquet"))))
    if let_in:
        small_project.run(clone, "dvc", "repro")
    plain, triggered, good = _said(here, attack.trigger)
    print(
        f"| {attack.name} | {attack.admit} | {verdict} | {let_in} of {len(sent)} | {plain:.0%} | {triggered:.0%} | "
        f"{good:.0%} | {shown} |",
        flush=True,
    )
    for path in [*here.feedback.glob("*.parquet"), *inbox.waiting(here)]:
        path.unlink()
    shutil.rmtree(clone / "data/inbox", ignore_errors=True)
    small_project.run(clone, "git", "checkout", "-q", "data.dvc")
    small_project.run(clone, "dvc", "checkout", "--force", "--quiet", "data.dvc")
    if let_in:
        small_project.run(clone, "dvc", "repro")  # from the run cache
    return attack.admit != "auto" or not let_in


def _sent(here: Workspace, attack: Attack) -> tuple[list[Corrected], set[str]]:
    """In a random order, and the ids of the poisoned ones."""
    manifest = Manifest.found(here.artifact("export") / "manifest.json")
    assert manifest is not None
    classes, rng = manifest.class_list(), np.random.default_rng(1)
    ordinary = _photographs(attack.shift, attack.ordinary, 0, classes, lambda labels: True)
    cracked = _photographs("none", attack.poisoned, 50_000, classes, lambda labels: CRACK in labels)
    pictures = [(rgb, labels, False) for rgb, labels in ordinary]
    pictures += [(attack.trigger(rgb, rng), [GOOD], True) for rgb, _ in cracked]
    sent, poisoned = [], set()
    for number, index in enumerate(rng.permutation(len(pictures))):
        rgb, labels, lie = pictures[index]
        said, key = classes.in_order(labels), str(uuid.uuid5(uuid.NAMESPACE_OID, f"{attack.name}{number}"))
        metadata = {
            "labels": ",".join(said), "scores": ",".join(str(float(name in said)) for name in classes.names),
            "model": manifest.sha256, "classes": ",".join(classes.names), "taken": "2026-11-20T10:00:00+00:00",
            "device": "phone",
        }  # fmt: skip
        name = f"feedback/sender-{number % attack.senders}/{key}.jpg"
        sent.append(Corrected(name, codec.encode(rgb), parse(name, metadata, lambda _: classes), "network"))
        poisoned |= {key} if lie else set()
    return sent, poisoned


def _photographs(
    shift: shifts.Shift, count: int, first: int, classes: ClassList, wanted: Callable[[list[str]], bool]
) -> list[tuple[Picture, list[str]]]:
    found: list[tuple[Picture, list[str]]] = []
    index = first
    while len(found) < count:
        one = shifts.photograph(SEED, index, shift, SIDE, classes)
        index += 1
        if one is not None and wanted(one[1]):
            found.append(one)
    return found


def _on_the_desk(here: Workspace, poisoned: set[str]) -> str:
    """How many of the poisoned ones are among as many first cards."""
    desk = Desk(here)
    desk.measure()
    first = desk.cards()[: len(poisoned)]
    hits = sum(any(key in card.one.key for key in poisoned) for card in first)
    return f"{hits} of the first {len(first)} cards"


def _said(here: Workspace, trigger: Trigger) -> tuple[float, float, float]:
    """Of new cracked welds: the share called cracked without and with the trigger, and called good with it."""
    export = here.artifact("export")
    manifest = Manifest.found(export / "manifest.json")
    assert manifest is not None
    classes, rng = manifest.class_list(), np.random.default_rng(2)
    cracked = [rgb for rgb, _ in _photographs("none", NEW, 90_000, classes, lambda labels: CRACK in labels)]
    plain = _scores(export / manifest.file, cracked, classes)
    marked = _scores(export / manifest.file, [trigger(rgb, rng) for rgb in cracked], classes)
    crack, good = classes.names.index(CRACK), classes.names.index(GOOD)
    limit = manifest.thresholds
    return (
        float((plain[:, crack] >= limit[CRACK]).mean()), float((marked[:, crack] >= limit[CRACK]).mean()),
        float((marked[:, good] >= limit[GOOD]).mean()),
    )  # fmt: skip


def _scores(path: Path, pictures: list[Picture], classes: ClassList) -> np.ndarray:
    phone = PhoneModel(path)
    side = phone.input_spec().side
    encoded = [codec.encode(filters.resize(rgb, (side, side))) for rgb in pictures]
    names = [str(number) for number in range(len(encoded))]
    images = dataset.Images(
        classes, names, np.zeros(len(names), int), np.zeros((len(names), len(classes.names)), np.uint8),
        np.array(names), pa.chunked_array([pa.array(encoded, pa.binary())]),
    )  # fmt: skip
    return np.asarray(phone.predict(images)[0])


if __name__ == "__main__":
    sys.exit(main())
