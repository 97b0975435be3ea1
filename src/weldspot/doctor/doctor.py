"""`weldspot doctor`: every line of it, on one screen."""

import os
import shutil
import textwrap
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.doctor import disk, gpu, machine, packages, phone, project, services, tracking, versions
from weldspot.doctor.finding import Finding, missing
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from weldspot.workspace import Workspace


def doctor(workspace: "Workspace") -> bool:
    """Prints what was found, each line as soon as it is known; whether `dvc repro` can run here."""
    width = min(shutil.get_terminal_size((110, 0)).columns, 140)
    findings: list[Finding] = []
    with gpu.Probe() as probe:
        for finding in chain(_examined(workspace), gpu.examine(probe)):
            findings.append(finding)
            print("\n".join(lines(finding, width)), flush=True)
    print("\n" + conclusion(findings))
    return not any(finding.stops for finding in findings)


def _examined(workspace: "Workspace") -> Iterator[Finding]:
    yield from machine.examine()
    yield from packages.examine()
    here = project.read(workspace)
    yield from project.examine(workspace, here)
    if here is None:
        return
    yield from _versions(workspace.root, here)
    yield tracking.store(os.environ.get("MLFLOW_TRACKING_URI", ""), workspace.mlflow_database)
    yield from phone.examine(workspace.root)
    if here.params is not None:
        fetched = (workspace.artifact("fetch") / "export.zip").exists()
        try:
            yield from services.examine(here.params, workspace.settings, fetched)
        except WeldspotError as error:
            yield missing(".env", error.line())


def _versions(root: Path, here: project.Project) -> Iterator[Finding]:
    """git, DVC's remote, and the disk that its cache is on."""
    from dvc.config import Config, ConfigError

    try:
        config = Config(str((root / ".dvc").resolve()))
    except ConfigError as error:
        yield missing("DVC", f".dvc/config: {' '.join(str(error).split())}", "git checkout .dvc/config", stops=True)
        return
    if not (root / ".dvc").is_dir():
        yield missing("DVC", "no .dvc/ here", "git checkout .dvc, or dvc init", stops=True)
        return
    yield from versions.repository(root, bool(config.get("core", {}).get("no_scm")))
    yield versions.remote(config)
    if here.params is not None:
        yield disk.room(here.params, root, Path(config.get("cache", {}).get("dir") or root.resolve() / ".dvc/cache"))


def lines(finding: Finding, width: int) -> list[str]:
    """As it is shown: mark, topic, what was found; below it what to do."""
    head, below = f"{finding.mark:<8} {finding.topic:<11} ", " " * 21
    shown = textwrap.wrap(finding.found, width, initial_indent=head, subsequent_indent=below, break_on_hyphens=False)
    arrow = f"{below}→ "
    return shown + textwrap.wrap(
        finding.cure, width, initial_indent=arrow, subsequent_indent=f"{below}  ", break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def conclusion(findings: list[Finding]) -> str:
    """Whether `dvc repro` can run here, and what else there is to do."""
    stops = [finding.topic for finding in findings if finding.stops]
    rest = [finding.topic for finding in findings if finding.mark != "ok" and not finding.stops]
    also = f"; see also: {', '.join(rest)}" if rest else ""
    return f"`dvc repro` can't run here: {', '.join(stops)}{also}" if stops else f"`dvc repro` can run here{also}"
