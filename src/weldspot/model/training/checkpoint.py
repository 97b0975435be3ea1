"""Where training stands after an epoch, on disk, so that a killed run goes on as if it had not been."""

import json
import shutil
from pathlib import Path

import keras
import numpy as np

from weldspot.model.training.history import TrainingState
from weldspot.runtime import state_files
from weldspot.runtime.atomic import replacing_file

_ARRAYS = "arrays.npz"


class Checkpoint:
    """A folder that belongs to one exact experiment: `key` names its code, data and parameters."""

    def __init__(self, root: Path, key: str) -> None:
        self.root, self.folder = root, root / key

    def exists(self) -> bool:
        """Whether there is something to resume."""
        return (self.folder / _ARRAYS).exists()

    def save(self, model: keras.Model, best: list[np.ndarray], state: TrainingState) -> None:
        """Replaces what was saved before, whole."""
        arrays = {f"model{i}": np.asarray(v) for i, v in enumerate(model.variables)}
        arrays |= {f"optimizer{i}": np.asarray(v) for i, v in enumerate(model.optimizer.variables)}
        arrays |= {f"best{i}": v for i, v in enumerate(best)}
        arrays["state"] = np.frombuffer(json.dumps(state).encode(), np.uint8)
        with replacing_file(self.folder / _ARRAYS) as partial, partial.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # its stub takes the names for other parameters

    def load(self, model: keras.Model) -> tuple[list[np.ndarray], TrainingState] | None:
        """Puts the saved variables into a compiled, built model; (best weights, state), or None if nothing is saved."""
        path = self.folder / _ARRAYS
        if not path.exists():
            return None
        with state_files.reading(path, f"delete {self.folder}, and `dvc repro` trains from the first epoch"):
            return self._put(model, np.load(path))

    def _put(self, model: keras.Model, saved: np.lib.npyio.NpzFile) -> tuple[list[np.ndarray], TrainingState]:
        for index, variable in enumerate(model.variables):
            variable.assign(saved[f"model{index}"])
        for index, variable in enumerate(model.optimizer.variables):
            variable.assign(saved[f"optimizer{index}"])
        best = [saved[f"best{i}"] for i in range(sum(name.startswith("best") for name in saved.files))]
        state: TrainingState = json.loads(saved["state"].tobytes())
        return best, state

    def clear(self) -> None:
        """Forgets this checkpoint and those of experiments that never finished."""
        shutil.rmtree(self.root, ignore_errors=True)
