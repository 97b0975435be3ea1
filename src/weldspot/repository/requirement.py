"""How pip gets the weldspot that is installed here: the one line of a new repository's requirements.txt."""

import json
import re
from importlib.metadata import distribution, version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weldspot.runtime import git


def requirement() -> str:
    """`weldspot @ git+https://…@<commit>` where it came from git, else `weldspot==<version>`.

    An editable install came from git when its checkout has a remote on another machine; a password in an address, which
    would be committed, is left out.
    """
    told = distribution("weldspot").read_text("direct_url.json")
    origin = json.loads(told) if told else {}
    if "vcs_info" in origin:
        return _from_git(origin["url"], origin["vcs_info"]["commit_id"])
    url = urlsplit(origin.get("url", ""))
    if "dir_info" in origin and url.scheme == "file":
        checkout = Path(unquote(url.path))
        remote, commit = git.git(checkout, "remote", "get-url", "origin"), git.head(checkout)
        if remote and _is_elsewhere(remote) and len(commit) >= 40:
            return _from_git(remote, commit)
    return f"weldspot=={version('weldspot')}"


def from_an_index(line: str) -> bool:
    """Whether pip looks for it in an index, where nobody may have put it."""
    return line.replace(" ", "").startswith("weldspot==")


def _is_elsewhere(remote: str) -> bool:
    return bool(re.match(r"(https|ssh)://|[\w.-]+@[\w.-]+:", remote))


def _from_git(remote: str, commit: str) -> str:
    if found := re.fullmatch(r"([\w.-]+@[\w.-]+):(?!//)(.+)", remote):  # git@host:path, which pip does not take
        remote = f"ssh://{found[1]}/{found[2]}"
    bare = re.sub(r"^(https?://)[^/@]*@", r"\1", remote)
    bare = re.sub(r"^(ssh://[^/@:]*):[^/@]*@", r"\1@", bare)
    return f"weldspot @ git+{bare}@{commit}"
