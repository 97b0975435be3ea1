import shutil
from pathlib import Path

import pytest
import small_project
from filelock import FileLock


@pytest.fixture(scope="session")
def small_projects(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """`weld spot`, a clone after `dvc repro`, and `with a phone`, its copy: made once, also for several workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "small projects"
    with FileLock(folder.with_suffix(".lock"), timeout=600):
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            small_project.clone(folder / "weld spot")
            small_project.run(folder / "weld spot", "dvc", "repro")
            shutil.copytree(folder / "weld spot", folder / "with a phone", ignore=_cache)
            (folder / "done").touch()
    return folder


def _cache(folder: str, _: list[str]) -> list[str]:
    return ["cache"] if Path(folder).name == ".dvc" else []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """So that no worker waits: one makes the small project, the other has work until the phone can have it."""
    turns = {"test_end_to_end.py": 0, "test_phone.py": 2}
    items.sort(key=lambda item: turns.get(item.path.name, 1))
