"""A way back, on the small sample of the tests, in a temporary clone: feedback is let in, learnt from, and taken back.

python benchmarks/revoking.py    about ten minutes. Exit status 1 when something is not as docs/loop.md says: nothing of
it in any file, nothing collected again, the version that learnt from it marked, the next one without.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import small_project  # noqa: E402

REFUSED = 12
LEARNT = """
import json
from pathlib import Path
from weldspot.config import parameters
from weldspot.registry import lineage
from weldspot.registry.model_registry import ModelRegistry
from weldspot.workspace import Workspace
here = Workspace(Path())
registry = ModelRegistry(here, parameters.load(here.params).tracking)
learnt, _ = lineage.learnt_from(registry, json.loads(Path("ids.json").read_text()))
every = {v.version: v.tags.get("revoked", "") for v in registry.versions()}
print(json.dumps([learnt, {str(k): v for k, v in every.items()}, registry.aliases()]))
"""


def main() -> int:
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "taken back")
        small_project.clone(clone)
        weldspot(clone, "retrain")
        weldspot(clone, "simulate", "--shift", "night", "--images", "60")
        weldspot(clone, "retrain", allowed=(0, REFUSED))
        small_project.run(clone, "dvc", "push", "--quiet")
        (batch,) = sorted((clone / "data/feedback").glob("*.parquet"))
        images = pq.read_table(batch, columns=["image"])["image"].to_pylist()
        ids = {hashlib.sha256(image).hexdigest() for image in images}
        (clone / "ids.json").write_text(json.dumps(sorted(ids)))
        before = holding(clone, images)
        print(f"{len(images)} photographs of {batch.name} stand in {len(before)} files, such as {before[:4]}")
        learnt, _, aliases = asked(clone)
        print(f"versions that learnt from them: {learnt}; aliases: {aliases}")

        print(weldspot(clone, "revoke", batch.name, "--why", "taken at night", "--erase"))
        if left := holding(clone, images):
            wrong.append(f"still in {left}")
        _, marks, _ = asked(clone)
        wrong += [f"version {version} learnt from it and is not marked" for version in learnt if not marks[version]]
        wrong += [f"version {version} is marked" for version, mark in marks.items() if mark and version not in learnt]
        weldspot(clone, "collect")
        if list((clone / "data/inbox").glob("*.parquet")):
            wrong.append("collected again")
        if aliases["production"] in learnt:
            weldspot(clone, "rollback")
        small_project.run(clone, "sh", "-c", "dvc repro 2>&1")
        again, _, now = asked(clone)
        if set(again) != set(learnt):
            wrong.append(f"versions {sorted(set(again) - set(learnt))} learnt from it afterwards")
        if left := holding(clone, images):
            wrong.append(f"again in {left}")
        weldspot(clone, "promote", allowed=(0, REFUSED))
        print(f"aliases then: {now}")
        print(weldspot(clone, "status"))
    print(
        "\n".join(wrong) or "nothing of it in any file, nothing collected again, marked, and the next version without"
    )
    return 1 if wrong else 0


def weldspot(clone: Path, *arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
    return small_project.run(clone, "weldspot", *arguments, allowed=allowed)


def asked(clone: Path) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    learnt, marks, aliases = json.loads(small_project.run(clone, sys.executable, "-c", LEARNT).splitlines()[-1])
    return learnt, marks, aliases


def holding(clone: Path, images: list[bytes]) -> list[str]:
    """By another search than the program's: each photograph in each file."""
    files = [path for path in clone.rglob("*") if path.is_file() and ".git" not in path.parts]
    found = []
    for path in files:
        data = path.read_bytes()
        if any(image in data for image in images):
            found.append(path.relative_to(clone).as_posix())
    return found


if __name__ == "__main__":
    sys.exit(main())
