"""The files that weldspot writes into a repository and brings up to date there: path → content."""

import re

import jinja2

from weldspot import shipped
from weldspot.repository.graph import without_modules
from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.plugins.resolver import KEYS

_AS_THEY_ARE = (".dvcignore", ".gitattributes", "requirements.lock")
_TEMPLATES = {"Makefile": "Makefile", ".github/workflows/ci.yml": "ci.yml"}
_RUNS_ON = {
    "docs/ci.md": "README.md",
    "hashFiles('requirements.lock', 'pyproject.toml')": "hashFiles('requirements.*')",
}
EXECUTED = ("scripts/ci.sh",)


def kept_up() -> dict[str, bytes]:
    """What `weldspot upgrade` replaces where nobody has changed it."""
    # DVC wants the folders to be there that a stage depends on
    rooms = [f"plugins/{kind}/README.md" for kind in KEYS]
    files = {name: shipped.file(name).read_bytes() for name in [*_AS_THEY_ARE, *rooms]}
    files["dvc.yaml"] = without_modules(shipped.file("dvc.yaml").read_text()).encode()
    for name in (".github/workflows/retrain.yml", "scripts/ci.sh"):
        files[name] = _of_a_repository(name).encode()
    for name, template in _TEMPLATES.items():
        files[name] = _pinned((shipped.PACKAGE / "repository/templates" / template).read_text()).encode()
    return files


def begun(name: str, labels: str, source: str, requirement: str) -> dict[str, bytes]:
    """What is its owner's from the first day."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(shipped.PACKAGE / "repository/templates"),
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    values = {"name": name, "labels": labels, "source": source}
    ours = (".gitignore", ".env.example", ".dvc/config", ".dvc/.gitignore", "data.dvc")
    files = {path: shipped.file(path).read_bytes() for path in ours}
    files["README.md"] = environment.get_template("README.md.j2").render(values).encode()
    files["requirements.txt"] = f"{requirement}\n".encode()
    return files


def _of_a_repository(name: str) -> str:
    """A file of ours, with our paths in it replaced by those of a repository without src/ and docs/."""
    text = shipped.file(name).read_text()
    replaced = {ours: theirs for ours, theirs in _RUNS_ON.items() if ours in text}
    if not replaced:
        raise WeldspotError(f"{name}: not as `weldspot new` knows it; a fault of WeldSpot itself: report it")
    for ours, theirs in replaced.items():
        text = text.replace(ours, theirs)
    return text


def _pinned(workflow: str) -> str:
    """Actions at the commits that our own workflows use."""
    pins = dict(re.findall(r"uses: ([\w./-]+)(@\S+ # v\S+)", shipped.file(".github/workflows/retrain.yml").read_text()))
    return re.sub(r"(?<=uses: )([\w./-]+)$", lambda action: action[1] + pins[action[1]], workflow, flags=re.MULTILINE)
