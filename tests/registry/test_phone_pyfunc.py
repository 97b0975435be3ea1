"""What MLflow loads stands alone: it may import nothing of this project."""

import ast
from pathlib import Path

from weldspot.registry import registration


def test_it_imports_only_what_the_version_lists_as_its_requirements() -> None:
    tree = ast.parse(Path(registration.__file__).with_name("phone_pyfunc.py").read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} == {"mlflow", "numpy", "ai_edge_litert"}
