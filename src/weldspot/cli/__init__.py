"""`weldspot <verb>`: thin; every verb imports what it needs when it runs."""

import sys
from pathlib import Path
from typing import Any

import typer

from weldspot.cli import graph, loop, repository, signing  # noqa: F401  # they add their verbs
from weldspot.cli.session import Session, app
from weldspot.runtime import processes
from weldspot.runtime.dvc_lock import STAGES
from weldspot.runtime.errors import WeldspotError, told
from weldspot.runtime.terminal.readers import outlive_readers
from weldspot.workspace import Workspace

__all__ = ["STAGES", "main"]


def main() -> None:
    """The entry point: any error is one line on stderr and exit status 1, an interrupt is 130."""
    from weldspot.config.secrets import Redactor
    from weldspot.runtime.terminal import screen

    outlive_readers()
    session = Session(Workspace(Path()))
    processes.own_tools_first()
    with screen.guarded(Redactor(lambda: session.workspace.root / ".env"), screen.title(sys.argv[1:])):
        _answered(session)


def _answered(session: Session) -> None:
    try:
        sys.exit(app(obj=session, standalone_mode=False))  # typer turns an interrupt into the value 130
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except Exception as error:
        if hasattr(error, "format_message"):
            sys.exit(_misused(error))
        print(f"weldspot: error: {told(error).line()}", file=sys.stderr)
        sys.exit(1)


def _misused(error: Any) -> int:
    """Tells of click's own error: one line, but for a call without any argument, which gets the help."""
    misuse = WeldspotError(error.format_message())
    verb = getattr(getattr(error, "ctx", None), "command_path", "weldspot")
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
    else:
        print(f"weldspot: error: {misuse.line()} See `{verb} --help`.", file=sys.stderr)
    return int(error.exit_code)
