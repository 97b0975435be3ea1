"""git of a new repository: begun, and committed once, where git is there and knows whose it is."""

from pathlib import Path

from weldspot.runtime.git import git, head

_SETTINGS = "[core]\n"


def begin(folder: Path, target: Path) -> list[str]:
    """Begins a git repository in `folder`, which will be `target`; what is to be said of it."""
    if git(folder, "--version") is None:
        config = folder / ".dvc/config"  # DVC refuses a folder that git does not know, unless it is told
        config.write_text(config.read_text().replace(_SETTINGS, f"{_SETTINGS}    no_scm = true\n", 1))
        return [
            "git is not here, so nothing is committed; with git: `git init`, `dvc config --unset core.no_scm`, commit"
        ]
    around = git(target.parent, "rev-parse", "--show-toplevel")
    told = (
        [f"{target} lies in the git repository {around}: it is a repository of its own, {around} should ignore it"]
        if around
        else []
    )
    if git(folder, "init", "--quiet", "--initial-branch=main") is None and git(folder, "init", "--quiet") is None:
        return [*told, f"`git init` failed; run it in {target}, then commit"]
    if git(folder, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT") is None:
        who = "git does not know who you are: `git config --global user.name …`, the same with user.email"
        return [*told, f"{who}; then `git add -A && git commit -m 'As weldspot made it'`"]
    git(folder, "add", "--all")
    if git(folder, "commit", "--quiet", "--message", "As weldspot made it") is None:
        return [*told, "`git commit` failed (a hook, or a signature?); run it in the new repository: it says why"]
    return [*told, f"committed as {head(folder)[:10]}"]
