"""What a module of ours needs when it runs: what it imports, also inside functions, and the files that it reads."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"


def modules(below: Path = SOURCE / "weldspot") -> list[Path]:
    """Every Python file of a room, in order."""
    return sorted(below.rglob("*.py"))


def needed(path: Path) -> set[Path]:
    """The files of ours that a module needs, itself included, directly or through others."""
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file not in seen:
            seen.add(file)
            waiting += _imported(file) if file.suffix == ".py" else []
    return {file for file in seen if _has_code(file)}


def _imported(path: Path) -> list[Path]:
    tree = ast.parse(path.read_text())
    names = {name for node in _at_run_time(tree) for name in _names(node, path)}
    parts = [name.split(".") for name in names if name.split(".")[0] == "weldspot"]
    files = {file for name in parts for end in range(1, len(name) + 1) for file in _files(".".join(name[:end]))}
    return sorted(files | _read_beside(tree, path))


def _at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those under `if TYPE_CHECKING:`, which only a type checker follows."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from _at_run_time(node)


def _names(node: ast.AST, path: Path) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{path}: imports are absolute here"
        return {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return set()


def _files(module: str) -> Iterator[Path]:
    base = SOURCE / module.replace(".", "/")
    yield from (path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file())


def _read_beside(tree: ast.AST, path: Path) -> set[Path]:
    """Files of its folder that a module names in a string: templates, the script that MLflow is given."""
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    names = {text for text in texts if 0 < len(text) < 100 and not text.startswith("/")}
    return {path.parent / text for text in names if (path.parent / text).is_file()} - {path}


def _has_code(path: Path) -> bool:
    """False for a package's __init__.py with no more than a docstring: it can change no output."""
    return path.name != "__init__.py" or not all(isinstance(n, ast.Expr) for n in ast.parse(path.read_text()).body)
