"""Every file of state of a project that has run, damaged in eight ways each: what every command says of it.

python benchmarks/damaged_state.py [PROJECT] works on a copy of the project, or of the small sample of the tests after a
`weldspot retrain` and more feedback, with the real model, gate and comparison. Exit status 1 when a command ended in
anything but a line of its own, or another file was lost. Prints a table: file × damage → command: line.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/loop")]

import damage  # noqa: E402
import small_project  # noqa: E402

from weldspot.config import parameters  # noqa: E402
from weldspot.loop.feedback import inbox  # noqa: E402
from weldspot.model.network import classifier  # noqa: E402
from weldspot.registry.model_registry import STAGING, ModelRegistry  # noqa: E402
from weldspot.runtime import dvc_commands  # noqa: E402
from weldspot.runtime.dvc_cache import inputs  # noqa: E402
from weldspot.workspace import Workspace  # noqa: E402


def main(project: str | None) -> int:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "damaged project")
        if project:
            small_project.run(Path(), "cp", "-a", project, str(clone))
        else:
            small_project.clone(clone)
            small_project.run(clone, "weldspot", "retrain")
        small_project.run(clone, "weldspot", "simulate", "--images", "30")
        small_project.run(clone, "weldspot", "gate", allowed=(0, 10, 11))  # so that there is a verdict
        return _campaign(Workspace(clone))


def _campaign(workspace: Workspace) -> int:
    dvc_commands.stale = lambda *_: {}  # DVC's own answers are in its own tests
    inbox.track = lambda _: None
    damage.COMMANDS["model"] = lambda here: classifier.load(here.artifact("train"))
    damage.COMMANDS["export's inputs"] = lambda here: inputs.check_stage(here.root, "export", here.damaged)
    del damage.COMMANDS["an upload again"]  # of the tests' own workspace
    registry = ModelRegistry(workspace, parameters.load(workspace.params).tracking)
    registry.client.set_registered_model_alias(registry.name, STAGING, registry.required("production"))
    files = _one_of_a_kind({path for found in damage.places(workspace).values() for path in found})
    before = damage.contents(workspace)
    tracebacks, lost, counts = [], [], Counter[str]()
    for path in files:
        name = path.relative_to(workspace.root).as_posix()
        for how in damage.DAMAGES:
            if damage.may_be_silent(name, how):
                counts["read by no command, or valid"] += 1
                continue
            lines: list[str] = []
            with damage.damaged(path, how):
                for command in damage.readers(name):
                    try:
                        (said,) = damage.tried(workspace, {command: damage.COMMANDS[command]})
                    except Exception as error:
                        tracebacks.append(f"{name} × {how}: {command}: {type(error).__name__}: {error}")
                        lines.append(f"TRACEBACK {tracebacks[-1]}")
                        continue
                    if said.line:
                        lines.append(f"{command}: {said.line}")
                    elif path.name in said.output:
                        told = next(text for text in said.output.splitlines() if path.name in text)
                        lines.append(f"{command} (goes on): {told}")
            lost += [f"{name} × {how}: {other}" for other in damage.put_back(workspace, before)]
            counts["said" if lines else "SILENT"] += 1
            text = "\n      ".join(lines or ["SILENT"])
            print(
                f"{name} × {how}\n      {text}".replace(f"{workspace.root}/", ""),
                flush=True,
            )
    print(f"\n{len(files)} files × {len(damage.DAMAGES)} damages: {dict(counts)}")
    print(f"{len(tracebacks)} tracebacks, {len(lost)} files lost", *tracebacks, *lost, sep="\n")
    return 1 if tracebacks or lost else 0


def _one_of_a_kind(files: set[Path]) -> list[Path]:
    """Of the files of one ending in one folder the first: the others are read by the same lines."""
    kinds: dict[tuple[Path, str], Path] = {}
    for path in sorted(files):
        several = "data" in path.parts or "spool" in path.parts
        kinds.setdefault((path.parent, path.suffix if several else path.name), path)
    return damage.in_order(set(kinds.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
