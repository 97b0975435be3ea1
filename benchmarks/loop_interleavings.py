"""All commands of the loop begun at random moments beside each other, a server handing out models meanwhile.

python benchmarks/loop_interleavings.py [rounds [seed]]    ten to twenty seconds a round, after minutes of training.
Each round begins two to four of: collect, gate, `dvc repro ingest`, promote, publish, rollback, and another version
made staging (one of them failed its checks). Exit status 1 when an upload is in two places or in none, when ingest has
not accounted for an upload that DVC says it has read, when a phone is given bytes of a version that was never promoted
or other bytes than its manifest says, or when a command ends with a traceback. `interleavings.py` has revocations.
"""

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/loop"), str(ROOT / "src")]

import small_project  # noqa: E402
from uploads import upload  # noqa: E402

from weldspot.config import parameters  # noqa: E402
from weldspot.loop.feedback import feedback_batches, inbox  # noqa: E402
from weldspot.loop.feedback.spool import put  # noqa: E402
from weldspot.registry.model_registry import CHECKS_TAG, SHA_TAG, STAGING, ModelRegistry  # noqa: E402
from weldspot.workspace import Workspace  # noqa: E402

VERSIONS = 3  # the last one fails its checks
SETTINGS = (
    "loop.admit=all loop.gate.min_images=10 loop.gate.resamples=100 loop.promote.max_loss=1 "
    "loop.promote.max_class_loss=1"
)
COMMANDS = {
    "collect": ["weldspot", "collect"],
    "gate": ["weldspot", "gate"],
    "repro": ["dvc", "repro", "ingest"],
    "promote": ["weldspot", "promote"],
    "publish": ["weldspot", "publish"],
    "rollback": ["weldspot", "rollback"],
}
VERDICTS = (10, 11)  # of the gate: drift, insufficient-data
LONGEST = 600  # seconds of a command, after which it hangs


class Phone(threading.Thread):
    """Asks for the manifest and its model again and again, and keeps what it was given."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.ended = url, threading.Event()
        self.models: Counter[str] = Counter()  # SHA-256 of the bytes
        self.answers: Counter[int] = Counter()
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self.ended.wait(0.3):
            said = httpx2.get(f"{self.url}/api/manifest.json", timeout=60)
            self.answers[said.status_code] += 1
            if said.status_code != 200:
                continue
            wanted = said.json()["sha256"]
            model = httpx2.get(f"{self.url}/api/models/{wanted}.tflite", timeout=60)
            if model.status_code == 200:
                found = hashlib.sha256(model.content).hexdigest()
                self.models[found] += 1
                if found != wanted:
                    self.wrong.append(f"the manifest says {wanted[:12]}, the bytes are {found[:12]}")


def main(rounds: int, seed: int) -> int:
    rng = random.Random(seed)
    wrong: list[str] = []
    said: Counter[str] = Counter()
    done: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "many hands")
        _trained(clone)
        here = Workspace(clone)
        registry = ModelRegistry(here, parameters.load(here.params).tracking)
        models = {str(version): registry.tags(str(version))[SHA_TAG] for version in range(1, VERSIONS + 1)}
        promoted = {models["1"]}
        sent: set[str] = set()
        with _serving(clone) as phone:
            for number in range(rounds):
                sent |= _upload(here, rng, len(sent), models["1"])
                begun = []
                for name in rng.choices([*COMMANDS, "stage"], k=rng.randint(2, 4)):
                    done[name] += 1
                    if name == "stage":
                        _stage(registry, str(rng.randint(1, VERSIONS)))
                        continue
                    begun.append((name, _begin(clone, name)))
                    time.sleep(rng.uniform(0, 2))
                for name, process in begun:
                    out = process.communicate(timeout=LONGEST)[0].strip()
                    if "Traceback" in out:
                        wrong.append(f"round {number}: {name}: {out[-500:]}")
                    if process.returncode:
                        said[f"{name}: {(out.splitlines() or ['?'])[-1][:120]}"] += 1
                    if name == "promote" and "is production now" in out:
                        promoted.add(models[out.split("version ")[1].split(" ")[0]])
                faults = _wrong(clone, here, sent) + phone.wrong
                faults += [f"a phone was given {model[:12]}" for model in set(phone.models) - promoted]
                wrong += [f"round {number} ({', '.join(name for name, _ in begun)}): {line}" for line in faults]
                if number % 10 == 9:
                    print(f"{number + 1} rounds, {len(sent)} uploads, {len(wrong)} wrong, {dict(done)}", flush=True)
                if wrong:
                    print("\n".join(wrong), flush=True)
                    break
        wrong += _at_rest(clone, here, registry, sent, models)
    print(f"seed {seed}: {sum(done.values())} operations in {number + 1} rounds: {dict(done)}")
    print(f"  {len(sent)} uploads; phones: answers {dict(phone.answers)}, models {list(phone.models.values())}")
    for line, count in said.most_common(12):
        print(f"  {count} × refused: {line}")
    print("\n".join(wrong[:20]) or "none lost, none doubled, none skipped; no unpromoted byte reached a phone")
    return 1 if wrong else 0


def _trained(clone: Path) -> None:
    """A small project with its versions, the first of them in production and published."""
    small_project.clone(clone)
    small_project.run(clone, "weldspot", "compose", *small_project.SMALL.split(), *SETTINGS.split())
    for seed in range(VERSIONS):
        settings = [*small_project.SMALL.split(), *SETTINGS.split(), f"training.seed={seed}"]
        small_project.run(clone, "weldspot", "compose", *settings)
        small_project.run(clone, "dvc", "repro")
        if not seed:
            small_project.run(clone, "weldspot", "promote")
            small_project.run(clone, "weldspot", "publish")
        print(f"version {seed + 1} is there", flush=True)
    here = Workspace(clone)
    registry = ModelRegistry(here, parameters.load(here.params).tracking)
    registry.client.set_model_version_tag(registry.name, str(VERSIONS), CHECKS_TAG, "failed")


def _upload(here: Workspace, rng: random.Random, first: int, model: str) -> set[str]:
    names = set()
    for number in range(first, first + rng.randint(2, 8)):
        name, image, metadata = upload(number, model=model)
        name = name.replace("anna", f"welder-{number % 7}")
        put(here.spool, name, image, metadata)
        names.add(name)
    return names


def _stage(registry: ModelRegistry, version: str) -> None:
    """As an export that ends at this moment; what was rolled back may be tried again."""
    registry.client.set_registered_model_alias(registry.name, STAGING, version)
    if "promote.rolled_back" in registry.tags(version):
        registry.client.delete_model_version_tag(registry.name, version, "promote.rolled_back")


def _begin(clone: Path, name: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        COMMANDS[name], cwd=clone, env=small_project.environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@contextmanager
def _serving(clone: Path) -> Iterator[Phone]:
    (clone / "client/dist").mkdir(parents=True, exist_ok=True)
    (clone / "client/dist/index.html").touch()  # the app itself is not needed
    process = subprocess.Popen(
        ["weldspot", "serve", "--port", "0"], cwd=clone, env=small_project.environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = next(word for line in process.stdout for word in line.split() if word.startswith("http"))
        threading.Thread(target=process.stdout.read, daemon=True).start()
        phone = Phone(url.partition("/#")[0].rstrip("/"))
        phone.start()
        yield phone
        phone.ended.set()
        phone.join()
    finally:
        process.terminate()
        process.wait()


def _wrong(clone: Path, here: Workspace, sent: set[str]) -> list[str]:
    """Of what must hold whenever no command is at work."""
    paths = [*here.feedback.glob("*.parquet"), *inbox.waiting(here)]
    names = Counter(name for path in paths for name in feedback_batches.origins(path))
    spooled = {
        path.with_suffix(".jpg").relative_to(here.spool).as_posix()
        for path in (here.spool / "feedback").glob("*/*.json")
    }
    found = [f"{name} is in {count} batches" for name, count in names.items() if count > 1]
    found += [f"{name} is nowhere" for name in sent - set(names) - spooled]
    if json.loads(small_project.run(clone, "dvc", "status", "--json", "ingest") or "{}") == {}:
        found += _skipped(here)
    return found


def _skipped(here: Workspace) -> list[str]:
    """Admitted uploads that ingest has nowhere, neither in its table nor in a list of what it left out."""
    from weldspot.images import table

    artifact = here.artifact("ingest")
    told = "".join(path.read_text(errors="replace") for path in here.report("ingest").glob("*.csv"))
    told += "".join(row["name"] for shard in table.shards(artifact) for row in table.rows(shard, table.IngestedRow))
    named = {
        f"{path.relative_to(here.data).as_posix()}#{row:06d}": name
        for path in here.feedback.glob("*.parquet")
        for row, name in enumerate(feedback_batches.origins(path))
    }
    return [f"{name} ({row}) was skipped by ingest" for row, name in named.items() if row not in told]


def _at_rest(
    clone: Path, here: Workspace, registry: ModelRegistry, sent: set[str], models: dict[str, str]
) -> list[str]:
    for name in ("collect", "gate", "repro", "publish"):
        small_project.run(clone, *COMMANDS[name], allowed=(0, *VERDICTS) if name == "gate" else (0,))
    served = json.loads((here.published / "manifest.json").read_text())
    production = registry.aliases()["production"]
    found = _wrong(clone, here, sent)
    if (served["version"], served["sha256"]) != (production, models[production]):
        found.append(f"version {served['version']} is served, production is {production}")
    return found


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(main(*(int(each) for each in [*sys.argv[1:], "200", "0"][:2])))
