"""collect, admission, `dvc repro` and `weldspot revoke` begun at random moments beside each other, again and again.

python benchmarks/interleavings.py [rounds [seed]]    ten seconds a round. Exit status 1 when an upload is in two places
or in none, when DVC calls something read that its stage has not read, or when something revoked is back.

The stage is a small one, which writes down which uploads it has read; DVC, its locks and the commands are real.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/loop"), str(ROOT / "src")]

from uploads import upload  # noqa: E402

from weldspot.loop.feedback import feedback_batches, inbox, ledger  # noqa: E402
from weldspot.loop.feedback.spool import put  # noqa: E402
from weldspot.workspace import Workspace  # noqa: E402

STAGE = """
import json, pathlib, sys, time
sys.path.insert(0, {source!r})
from weldspot.loop.feedback import feedback_batches
from weldspot.runtime.locks import queued
with queued(pathlib.Path(".weldspot/feedback.lock"), "ingest"):
    paths = sorted(pathlib.Path("data/feedback").glob("*.parquet"))
    read = sorted(name for path in paths for name in feedback_batches.origins(path))
    time.sleep(0.3)
    pathlib.Path("read.json").write_text(json.dumps(read))
"""
BEGIN = (
    "import sys; sys.path.insert(0, {source!r}); from pathlib import Path; from weldspot.workspace import Workspace; "
)
OPERATIONS = {
    "collect": "from weldspot.loop.feedback.collect import collect; collect(Workspace(Path()))",
    "admit": (
        "from weldspot.loop.feedback import inbox; from weldspot.runtime import locks; w = Workspace(Path())\n"
        "said = inbox.Judged(outcome='drift', model='ab' * 32, at='')\n"
        "with locks.exclusive(w.lock('gate')):\n"
        "    batches = inbox.unjudged(w)\n"
        "    batches and inbox.record(w, batches, said)\n"
        "    inbox.admit(w); inbox.track(w)"
    ),
    "revoke": "from weldspot.loop.revoking.revoke import revoke; revoke(Workspace(Path()), {name!r}, 'a campaign')",
}


def main(rounds: int, seed: int) -> int:
    rng = random.Random(seed)
    wrong: list[str] = []
    said: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        workspace = _project(root)
        sent: set[str] = set()
        for number in range(rounds):
            for _ in range(rng.randint(1, 3)):
                one = upload(len(sent))
                put(workspace.spool, *one)
                sent.add(one[0])
            chosen = [rng.choice(["collect", "admit", "repro", "repro", "revoke"]) for _ in range(rng.randint(2, 4))]
            begun = []
            for name in chosen:
                begun.append((name, _begin(root, name, rng.choice(sorted(sent)))))
                time.sleep(rng.uniform(0, 1.5))
            for name, process in begun:
                out = process.communicate(timeout=300)[0].strip()
                if process.returncode:
                    said[f"{name}: {(out.splitlines() or ['?'])[-1][:300]}"] += 1
            wrong += [f"round {number} ({', '.join(chosen)}): {line}" for line in _wrong(workspace, sent)]
        for name in ("collect", "admit", "repro"):
            assert _begin(root, name, "").wait(300) == 0, name
        wrong += _wrong(workspace, sent)
        read = set(json.loads((root / "read.json").read_text()))
        kept = {name for name in sent if not ledger.read(workspace).covers(name)}
        if read != kept:
            wrong.append(f"at the end {len(kept - read)} are skipped, {len(read - kept)} are back")
        print(
            f"{rounds} rounds, seed {seed}: {len(sent)} uploads, {len(sent) - len(kept)} taken back, {len(read)} read"
        )
    for line, count in said.most_common(10):
        print(f"  {count} × refused: {line}")
    print("\n".join(wrong[:20]) or "none lost, none doubled, none skipped, none back")
    return 1 if wrong else 0


def _project(root: Path) -> Workspace:
    (root / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    (root / "stage.py").write_text(STAGE.format(source=str(ROOT / "src")))
    stage = {"cmd": f"{sys.executable} stage.py", "deps": ["data/feedback"], "outs": ["read.json"]}
    (root / "dvc.yaml").write_text(json.dumps({"stages": {"ingest": stage}}))
    subprocess.run([sys.executable, "-m", "dvc", "init", "--no-scm", "--quiet"], cwd=root, check=True)
    workspace = Workspace(root)
    workspace.feedback.mkdir(parents=True)
    (workspace.feedback / "README").write_text("so that DVC has something to look at")
    inbox.track(workspace)
    return workspace


def _begin(root: Path, name: str, upload_name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "dvc", "repro", "--quiet", "ingest"]
    if name != "repro":
        text = (BEGIN + OPERATIONS[name]).format(source=str(ROOT / "src"), name=upload_name)
        command = [sys.executable, "-c", text]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _wrong(workspace: Workspace, sent: set[str]) -> list[str]:
    found = []
    paths = [*workspace.feedback.glob("*.parquet"), *inbox.waiting(workspace)]
    names = Counter(name for path in paths for name in feedback_batches.origins(path))
    spooled = {path.with_suffix(".jpg").relative_to(workspace.spool).as_posix() for path in
               (workspace.spool / "feedback").glob("*/*.json")}  # fmt: skip
    back = ledger.read(workspace)
    found += [f"{name} is in {count} batches" for name, count in names.items() if count > 1]
    found += [f"{name} was taken back and is here" for name in names if back.covers(name)]
    found += [f"{name} is nowhere" for name in sent - set(names) - spooled if not back.covers(name)]
    done = subprocess.run(
        [sys.executable, "-m", "dvc", "status", "--json", "ingest"], cwd=workspace.root, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode == 0 and json.loads(done.stdout or "{}") == {} and (workspace.root / "read.json").exists():
        there = {name for path in workspace.feedback.glob("*.parquet") for name in feedback_batches.origins(path)}
        if there != set(json.loads((workspace.root / "read.json").read_text())):
            found.append("DVC says that all is up to date, and the stage has read something else")
    return found


if __name__ == "__main__":
    sys.exit(main(*(int(each) for each in [*sys.argv[1:], "40", "0"][:2])))
