"""git and DVC: the repository, whose it is, and the remote that holds its data."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from weldspot.doctor.finding import Finding, missing, ok, warning
from weldspot.runtime.git import git, head
from weldspot.runtime.redaction import redact

# scheme → the package that reaches it; DVC reaches folders and HTTP by itself
_PLUGINS = {"s3": "s3", "gs": "gs", "azure": "azure", "ssh": "ssh", "gdrive": "gdrive", "oss": "oss", "hdfs": "hdfs",
            "webhdfs": "webhdfs", "webdav": "webdav", "webdavs": "webdav"}  # fmt: skip


def repository(root: Path, without: bool) -> Iterator[Finding]:
    """The lines about git; `without`: DVC is told to do without it."""
    if shutil.which("git") is None:
        cure = "install git: without it no model knows its commit"
        yield (
            warning("Git", "not on the PATH; DVC is told to do without", cure)
            if without
            else missing("Git", "not on the PATH", "install git", stops=True)
        )
        return
    refusal = _refusal(root)
    if "dubious ownership" in refusal:
        cure = f"git config --global --add safe.directory {shlex.quote(str(root.resolve()))}"
        said = 'the repository belongs to another user ("dubious ownership"): models would not know their commit'
        yield warning("Git", said, cure)
    elif refusal:
        cure = "git init, then commit"
        yield warning("Git", "no repository", cure) if without else missing("Git", "no repository", cure, stops=True)
    else:
        yield _identity(root)


def _identity(root: Path) -> Finding:
    commit = head(root)
    if git(root, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT") is None:
        cure = "git config --global user.name '…', and user.email"
        return warning("Git", f"commit {commit[:10]}, but git does not know who you are", cure)
    if len(commit) < 40:
        return warning("Git", "a repository without a commit", "git add -A && git commit")
    return ok("Git", f"commit {commit[:10]}, identity set")


def _refusal(root: Path) -> str:
    """Why git does not open it; "" when it does."""
    command = ["git", "-C", str(root), "rev-parse", "--git-dir"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C"})
    except OSError as error:
        return str(error)
    return done.stderr.strip() or "refused" if done.returncode else ""


def remote(config: Mapping[str, Mapping[str, object]]) -> Finding:
    """The default remote, as DVC's configuration has it: what is in a folder is looked at, what is far away is not."""
    name = str(config.get("core", {}).get("remote", ""))
    settings = config.get("remote", {}).get(name)
    if not name or not isinstance(settings, dict):
        return warning("DVC remote", "none: data and models are on this disk alone", "dvc remote add --default store …")
    url = str(settings.get("url", ""))
    return _far(url) if "://" in url else _near(Path(url))


def _far(url: str) -> Finding:
    shown, scheme = redact(url, []), url.partition("://")[0]
    plugin = _PLUGINS.get(scheme)
    if plugin is not None and find_spec(f"dvc_{plugin}") is None:
        return missing("DVC remote", f"{shown}, which needs dvc-{plugin}", f"python -m pip install dvc-{plugin}")
    return ok("DVC remote", f"{shown}; whether it answers was not asked")


def _near(folder: Path) -> Finding:
    if not folder.is_dir():
        return warning("DVC remote", f"{folder}: no such folder", "mount it, or name another: dvc remote modify")
    if not os.access(folder, os.R_OK | os.X_OK):
        return missing("DVC remote", f"{folder} can't be read", "correct its permissions")
    return ok("DVC remote", str(folder) if os.access(folder, os.W_OK) else f"{folder}, read-only")
