"""What an experiment has changed, in words short enough for a description."""

from typing import TYPE_CHECKING

import yaml

from weldspot.config.yaml_mapping import flatten, parsed, read
from weldspot.runtime.git import git
from weldspot.runtime.redaction import redact

if TYPE_CHECKING:
    from weldspot.workspace import Workspace

_MOST = 12


def changed_parameters(workspace: "Workspace") -> list[str]:
    """`key=value` of params.yaml where it is not as the last commit has it, secrets blanked out.

    Of many the first, and how many more.
    """
    path = workspace.params.relative_to(workspace.root).as_posix()
    try:
        committed = parsed(git(workspace.root, "show", f"HEAD:./{path}") or "")
    except yaml.YAMLError:
        return []
    if not isinstance(committed, dict):
        return []
    before, secrets = dict(flatten(committed)), workspace.settings.secrets()
    now = flatten(read(workspace.params))
    changed = [redact(f"{key}={value}", secrets) for key, value in now if before.get(key, ...) != value]
    more = [f"and {len(changed) - _MOST} more"] if len(changed) > _MOST else []
    return [*changed[:_MOST], *more]


def sentence(changed: list[str]) -> str:
    """What was changed, in Markdown; "" when nothing was."""
    return f"Not as committed: {', '.join(f'`{one}`' for one in changed)}." if changed else ""
