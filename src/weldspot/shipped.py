"""What comes with the package besides its code: the files that a new repository is made of, and the phone app.

A wheel has copies of them in `_shipped/`, which setup.py makes when it is built; in a checkout they are read where they
are. So there is one of each, and a new repository has what this one has.
"""

from pathlib import Path

from weldspot.runtime.errors import WeldspotError

FILES = (
    "dvc.yaml",
    "conf",
    ".dvc/config",
    ".dvc/.gitignore",
    ".dvcignore",
    ".gitattributes",
    ".gitignore",
    ".env.example",
    ".github/workflows/retrain.yml",
    "scripts/ci.sh",
    "data.dvc",
    "remote/files",
    "requirements.lock",
    "plugins/backbones/README.md",
    "plugins/augmentations/README.md",
    "plugins/losses/README.md",
    "plugins/metrics/README.md",
    "plugins/sources/README.md",
    "plugins/layouts/README.md",
    "plugins/statistics/README.md",
    "plugins/targets/README.md",
)
APP = "client/dist"  # as Vite has built it, if it has
BUILT = "_shipped"
PACKAGE = Path(__file__).resolve().parent


def folder() -> Path:
    """Where they lie, each under its path in this repository."""
    built = PACKAGE / BUILT
    return built if built.is_dir() else PACKAGE.parents[1]


def file(name: str) -> Path:
    """One of FILES, or a file in one of them.

    Raises:
        WeldspotError: it did not come with this installation.
    """
    path = folder() / name
    if not path.exists():
        raise WeldspotError(f"{path}: no such file; install weldspot from its wheel, or from its checkout")
    return path


def app() -> Path:
    """The phone app; a folder that is not there when the package was built without it."""
    return folder() / APP
