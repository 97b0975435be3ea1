"""Builds the wheel: the package, and beside its code what a new repository is made of (weldspot/shipped.py)."""

import ast
import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
NAMES = {"FILES", "APP", "BUILT"}


def constants() -> dict[str, object]:
    """Those of weldspot/shipped.py, which can't be imported before what it needs is installed."""
    tree = ast.parse((ROOT / "src/weldspot/shipped.py").read_text())
    found = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
    return {str(node.targets[0].id): ast.literal_eval(node.value) for node in found if node.targets[0].id in NAMES}


class WithShipped(build_py):
    """Copies what is shipped into the built package; an editable install needs no copy."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        known = constants()
        target = Path(self.build_lib, "weldspot", known["BUILT"])
        shutil.rmtree(target, ignore_errors=True)
        for name in known["FILES"]:
            copied(ROOT / name, target / name)
        if (ROOT / known["APP"] / "index.html").is_file():
            copied(ROOT / known["APP"], target / known["APP"])
        else:
            print(f"weldspot: {known['APP']} is not built: this wheel has no phone app", file=sys.stderr)


def copied(source: Path, target: Path) -> None:
    """A file, or a folder with all that is in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


setup(cmdclass={"build_py": WithShipped})
