"""git's command line."""

import subprocess
from pathlib import Path


def git(root: Path, *arguments: str) -> str:
    """What git prints in the repository at `root`, stripped; "" where it fails."""
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def head(root: Path) -> str:
    """The commit that is checked out, 40 hex digits; "none" outside a repository."""
    return git(root, "rev-parse", "HEAD") or "none"


_WRITTEN = ("dvc.lock", "reports/metrics.json")  # by the graph as it runs: what comes out, not what goes in


def is_dirty(root: Path) -> bool:
    """Whether tracked files differ from the commit, apart from those that the graph itself writes as it runs."""
    others = (f":(exclude){name}" for name in _WRITTEN)
    return bool(git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", *others))
