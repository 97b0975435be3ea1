"""What is sent to workers: all of this package's code and the project's own, and what made it."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from weldspot.runtime.engines import worker_code

RUN = """
import pickle, sys
import ray.cloudpickle as cloudpickle
run, code, work = cloudpickle.loads(open(sys.argv[1], "rb").read())
answer = run(*code, work)
print(sys.modules["weldspot.runtime.engines.worker"].__file__ if "weldspot" in sys.modules else "")
print(answer if isinstance(answer, str) else pickle.loads(answer[0]))
"""


def test_the_zip_holds_the_package_and_the_plugins(tmp_path: Path) -> None:
    (tmp_path / "plugins/augmentations").mkdir(parents=True)
    (tmp_path / "plugins/augmentations/sun.py").write_text("light = 1\n")
    code = worker_code.packed(tmp_path / "plugins")
    names = zipfile.ZipFile(io.BytesIO(code.archive)).namelist()
    assert {"weldspot/stages/augment.py", "weldspot/contracts/schemas/manifest.schema.json"} <= set(names)
    assert "plugins/augmentations/sun.py" in names
    assert [name for name in names if "__pycache__" in name or "_shipped" in name] == []
    assert code == worker_code.packed(tmp_path / "plugins")
    assert code.key != worker_code.packed(None).key
    assert len(code.archive) < 2_000_000


@pytest.mark.parametrize("changed", [False, True])
def test_a_bare_process_works_with_the_code_that_came(changed: bool, tmp_path: Path) -> None:
    """It finds no WeldSpot of its own; with another NumPy it says so instead of making other bytes."""
    cloudpickle = pytest.importorskip("ray.cloudpickle", reason="ray is not installed")
    cloudpickle.register_pickle_by_value(worker_code)
    code = worker_code.packed(None)
    versions = tuple((name, "0.1" if changed and name == "numpy" else version) for name, version in code.versions)
    work = cloudpickle.dumps((abs, -3, [], ""))
    sent = (code.archive, code.key, versions, ("a node", *code.places))
    (tmp_path / "work").write_bytes(cloudpickle.dumps((worker_code.run, sent, work)))
    done = subprocess.run(
        [sys.executable, "-P", "-c", RUN, str(tmp_path / "work")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    if changed:
        assert "has numpy" in done.stdout
        assert done.stdout.strip().endswith("instead of 0.1")
    else:
        where, answer = done.stdout.splitlines()
        assert answer == "(True, 3)"
        assert not where.startswith(code.places[0])  # it is not on the driver's node
