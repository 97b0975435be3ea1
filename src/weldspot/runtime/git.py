"""git's command line: what is not there is "none", what git does not tell is "unknown"."""

import os
import subprocess
from pathlib import Path
from typing import Final, Literal

NONE: Final = "none"
UNKNOWN: Final = "unknown"
_WRITTEN = ("dvc.lock", "reports/metrics.json")  # by the graph as it runs: what comes out, not what goes in
# of another repository, where git itself called us: a hook, an alias
_FOREIGN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")


def git(root: Path, *arguments: str) -> str | None:
    """What git prints in the repository that `root` lies in, stripped; None where it is absent, fails or refuses."""
    done = _run(root, *arguments)
    return done.stdout.strip() if done is not None and done.returncode == 0 else None


def head(root: Path) -> str:
    """The commit that is checked out, 40 hex digits; "none" where there is none.

    "unknown" where git refuses: "dubious ownership", say.
    """
    found = git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    return found or (NONE if _has_no_commit(root) else UNKNOWN)


def dirty(root: Path) -> Literal["true", "false", "unknown"]:
    """Whether tracked files below `root` differ from the commit, apart from those that the graph writes as it runs.

    "unknown" where git does not tell, or there is no commit.
    """
    if len(head(root)) < 40:
        return UNKNOWN
    others = (f":(exclude){name}" for name in _WRITTEN)
    found = git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", *others)
    return UNKNOWN if found is None else "true" if found else "false"


def _has_no_commit(root: Path) -> bool:
    """Whether git says that there is none, rather than nothing: no repository here, or one that is still empty."""
    done = _run(root, "rev-parse", "--git-dir")
    return done is not None and (done.returncode == 0 or "not a git repository" in done.stderr)


def _run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str] | None:
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True, text=True, errors="replace", check=False, env=kept | {"LC_ALL": "C"},
        )  # fmt: skip
    except OSError:  # no git, or no such folder
        return None
