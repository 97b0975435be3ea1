"""`dvc repro` without the lines that are not for this project; `python -m weldspot.runtime.dvc_repro [options]`.

DVC advises to `git add` and to `dvc push` all, which the README forbids, and tells of its own files. Before it
begins, its lists of files that are damaged go: it would believe them.
"""

import logging
import sys
from pathlib import Path

import yaml

from weldspot.runtime.dvc_cache import objects
from weldspot.runtime.dvc_lock import stage_hashes
from weldspot.runtime.yaml_files import safe_loader

_ITS_OWN = ("%s %s", "Updating lock file '%s'", "Generating lock file '%s'", "'%s' didn't change, skipping")


def main(arguments: list[str]) -> int:
    """DVC's exit status; its options, its errors and its log levels are as ever."""
    from dvc import cli
    from dvc.commands import repro
    from dvc.commands.status import CmdDataStatus
    from dvc.ui import ui

    def run(command: repro.CmdRepro) -> int:
        _drop_damaged_lists(Path(command.repo.root_dir), Path(command.repo.cache.local.path))
        for handler in logging.getLogger("dvc").handlers:
            handler.addFilter(_is_told)
        command.repo.scm_context.quiet = True
        try:
            done = command.repo.reproduce(**command._common_kwargs, **command._repro_kwargs)
        except Exception as error:
            if stores := _stores(Path(command.repo.root_dir)) if "fetch" in str(error) else []:
                print(f"weldspot: fetch reads {' and '.join(stores)}: `weldspot doctor` says more", file=sys.stderr)
            raise
        if not done:
            ui.write(CmdDataStatus.UP_TO_DATE_MSG)
        return 0

    repro.CmdRepro.run = run
    return int(cli.main(["repro", *arguments]))


def _drop_damaged_lists(root: Path, files: Path) -> None:
    """DVC takes a list of a folder's files as it finds it, and would write in dvc.lock that a stage made just that."""
    for output, oid in stage_hashes(root).items():
        listing = files / oid[:2] / oid[2:]
        if oid.endswith(".dir") and listing.is_file() and objects.md5(listing) != oid.removesuffix(".dir"):
            listing.unlink()
            print(f"weldspot: warning: {output}: the list of its files was damaged in DVC's cache", file=sys.stderr)


def _stores(root: Path) -> list[str]:
    """The keys whose values are addresses: DVC asks those stores before any code of ours can say what is wrong."""
    try:
        source = safe_loader.load((root / "params.yaml").read_text())["source"]
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return []
    return [f"source.{key}={source[key]}" for key in ("path", "background") if "://" in str(source.get(key))]


def _is_told(record: logging.LogRecord) -> bool:
    return record.levelno != logging.INFO or record.msg not in _ITS_OWN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
