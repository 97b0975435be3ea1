"""The rules of the house that no linter knows: rooms of a readable size, one door to every file, typed borders."""

import ast
from collections.abc import Iterator
from pathlib import Path

from imports import ROOT, SOURCE, modules

FILES = modules()
ROOMS = sorted({path.parent for path in FILES})


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_a_room_has_about_a_dozen_files_at_most() -> None:
    sizes = {name(room): len([path for path in room.glob("*.py") if path.name != "__init__.py"]) for room in ROOMS}
    assert {room: size for room, size in sizes.items() if size > 12} == {}


def test_a_file_has_one_purpose() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in FILES}
    assert {file: length for file, length in lengths.items() if length > 250} == {}


def outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: its statements, and the defaults of its functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from (part for default in [*node.args.defaults, *node.args.kw_defaults] if default
                        for part in ast.walk(default))  # fmt: skip
        else:
            yield node
            yield from outside_functions(node)


def is_relative_path(node: ast.AST) -> bool:
    """`Path("artifacts/…")`, whose place depends on the folder that a process stands in."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Path"):
        return False
    first = node.args[0] if node.args else ast.Constant("")
    return isinstance(first, ast.Constant) and not str(first.value).startswith("/")


def test_the_rule_about_paths_finds_what_it_forbids() -> None:
    for text in ('A = Path("artifacts")', 'def f(p=Path("x")): ...', 'class C:\n    p = Path("y") / "z"', "B = Path()"):
        assert any(map(is_relative_path, outside_functions(ast.parse(text)))), text
    assert not any(map(is_relative_path, outside_functions(ast.parse('A = Path("/proc/cpuinfo")'))))


def test_no_path_depends_on_the_current_folder() -> None:
    for path in FILES:
        tree = ast.parse(path.read_text())
        found = [ast.unparse(node) for node in outside_functions(tree) if is_relative_path(node)]
        allowed = ["Path()"] if name(path).endswith("cli/session.py") else []  # where -C is not given
        assert found == allowed, name(path)
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not called & {"os.chdir", "os.getcwd", "Path.cwd"}, name(path)


def annotations(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Name and type of everything that a public function or method takes or gives."""
    scopes: list[ast.Module | ast.ClassDef] = [tree, *(n for n in tree.body if isinstance(n, ast.ClassDef))]
    for scope in scopes:
        if isinstance(scope, ast.ClassDef) and scope.name.startswith("_"):
            continue
        for function in scope.body:
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and not function.name.startswith("_"):
                arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
                found = [argument.annotation for argument in arguments] + [function.returns]
                yield from ((function.name, annotation) for annotation in found if annotation is not None)


def is_bare_dict(annotation: ast.expr) -> bool:
    """`dict`, `list[dict]`, `dict[str, Any]`, `dict[str, object]`: a shape that nobody has written down."""
    whole = {id(node.value): node.slice for node in ast.walk(annotation) if isinstance(node, ast.Subscript)}
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name) and node.id == "dict":
            values = whole.get(id(node))
            if not isinstance(values, ast.Tuple) or ast.unparse(values.elts[-1]) in ("Any", "object"):
                return True
    return False


def test_the_rule_about_dicts_finds_what_it_forbids() -> None:
    for text in ("dict", "list[dict]", "dict[str, Any]", "tuple[int, dict[str, object]] | None"):
        assert is_bare_dict(ast.parse(text, mode="eval").body), text
    assert not is_bare_dict(ast.parse("dict[str, dict[str, float]]", mode="eval").body)


def test_no_public_function_takes_or_gives_a_bare_dict() -> None:
    for path in FILES:
        found = annotations(ast.parse(path.read_text()))
        assert [f"{function}: {ast.unparse(kind)}" for function, kind in found if is_bare_dict(kind)] == [], name(path)


def test_the_source_is_where_it_is_looked_for() -> None:
    assert len(FILES) > 100
    assert SOURCE / "weldspot/stages" in ROOMS


def names_of_tests(path: Path) -> set[str]:
    """What the test of a module may be called: its name, with names of rooms before it where another has that name."""
    parts = path.relative_to(SOURCE / "weldspot").with_suffix("").parts
    return {f"test_{'_'.join(parts[start:])}.py" for start in range(len(parts))}


def test_whoever_knows_a_module_knows_its_test() -> None:
    """A module with functions has a test of its name in the folder of its room, or is named here with the reason."""
    elsewhere = {
        "src/weldspot/cli": "what the verbs say and do: test_cli.py",
        "src/weldspot/sources/synthetic": "the renderer's parts are seen in its pictures: test_synthetic_scene.py",
    }
    missing = []
    for path in FILES:
        folder = ROOT / "tests" / path.parent.relative_to(SOURCE / "weldspot")
        has_functions = any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text())))
        wanted = has_functions and not {name(path), name(path.parent)} & set(elsewhere)
        if wanted and not any((folder / test).is_file() for test in names_of_tests(path)):
            missing.append(name(path))
    assert missing == []
