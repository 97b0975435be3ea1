"""Loaded by MLflow wherever the registered model is used, without the rest of the project."""

import mlflow
import numpy as np
from ai_edge_litert.interpreter import Interpreter


class Phone(mlflow.pyfunc.PythonModel):  # type: ignore[misc, name-defined]  # mlflow is not typed there
    """uint8[n, size, size, 3] RGB → probabilities float32[n, 7] in the order of the manifest's labels."""

    def load_context(self, context) -> None:  # type: ignore[no-untyped-def]
        self.runtime = Interpreter(model_path=context.artifacts["model"])
        self.runtime.allocate_tensors()

    def predict(self, context, model_input: np.ndarray, params=None) -> np.ndarray:  # type: ignore[no-untyped-def]
        source = self.runtime.get_input_details()[0]["index"]
        target = next(o["index"] for o in self.runtime.get_output_details() if len(o["shape"]) == 2)
        answers = []
        for image in np.asarray(model_input, np.uint8):
            self.runtime.set_tensor(source, image[None])
            self.runtime.invoke()
            answers.append(self.runtime.get_tensor(target)[0])
        return np.array(answers)


mlflow.models.set_model(Phone())
