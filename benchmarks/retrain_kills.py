"""`weldspot retrain` under kill -9: killed at random moments, the next one must end the job. Exit status 1 otherwise.

python benchmarks/retrain_kills.py [kills] runs on the small sample of the tests, in a temporary clone, with feedback
taken at night; after each kill there must be exactly one production. Ten minutes with eight kills.
"""

import hashlib
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import small_project  # noqa: E402
from killing import killed  # noqa: E402

RETRAIN = ("weldspot", "retrain")
LONGEST = 100.0  # seconds: about as long as one takes
REFUSED = 12
ALIASES = """
import json
from pathlib import Path
from weldspot.config import parameters
from weldspot.registry.model_registry import ModelRegistry
from weldspot.workspace import Workspace
here = Workspace(Path())
print(json.dumps(ModelRegistry(here, parameters.load(here.params).tracking).aliases()))
"""


def main(kills: int) -> int:
    rng = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "under fire")
        small_project.clone(clone)
        small_project.run(clone, *RETRAIN)
        productions = {_aliases(clone)["production"]}
        small_project.run(clone, "weldspot", "simulate", "--shift", "night", "--images", "80")
        wrong: list[str] = []
        for number in range(kills):
            start, after = time.perf_counter(), rng.uniform(0, LONGEST)
            hit = killed(clone, after, *RETRAIN)
            now = _aliases(clone)
            print(f"{'killed' if hit else 'ended '} after {time.perf_counter() - start:5.1f} s   {now}", flush=True)
            if now.get("production") not in productions | {now.get("staging")}:
                wrong.append(f"after kill {number}: production is {now.get('production')}")
            productions.add(now.get("production", ""))
            if not hit:
                small_project.run(clone, "weldspot", "simulate", "--shift", "night", "--images", "80")
        small_project.run(clone, *RETRAIN, allowed=(0, REFUSED))
        wrong += _wrong(clone)
    print("\n".join(wrong) or "one production, served; each photograph in one batch, admitted; nothing is stale")
    return 1 if wrong else 0


def _aliases(clone: Path) -> dict[str, str]:
    return json.loads(small_project.run(clone, sys.executable, "-c", ALIASES).splitlines()[-1])


def _wrong(clone: Path) -> list[str]:
    found = []
    served = json.loads((clone / ".weldspot/published/manifest.json").read_text())
    file = clone / ".weldspot/published" / served["file"]
    if served["version"] != _aliases(clone)["production"]:
        found.append(f"version {served['version']} is served, not production")
    if hashlib.sha256(file.read_bytes()).hexdigest() != served["sha256"]:
        found.append("what is served is not the file that its manifest names")
    batches = sorted((clone / "data").glob("*/*.parquet"))
    names = Counter(name for path in batches for name in pq.read_table(path, columns=["origin"])["origin"].to_pylist())
    found += [f"{name} is in {count} batches" for name, count in names.items() if count > 1]
    if waiting := [path.name for path in batches if path.parent.name != "feedback"]:
        found.append(f"{len(waiting)} batch(es) not admitted")
    if "up to date" not in small_project.run(clone, "dvc", "status"):
        found.append("the graph is stale")
    return found


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 8))
