"""Writes params.yaml from conf/, to the same bytes as `dvc exp run -S` does."""

import contextlib
import io
import os
import re
import shlex
import tempfile
from pathlib import Path

import yaml

from weldspot.config import dvc_sight, parameters, stores
from weldspot.config.yaml_mapping import parsed
from weldspot.runtime import atomic
from weldspot.runtime.errors import WeldspotError


def compose(overrides: list[str], conf: Path, target: Path) -> None:
    """Composes `conf` with Hydra overrides ("training=full", "split.seed=1") into `target`, whole or not at all.

    Relative source paths start at `target`'s folder, the repository's root. Raises WeldspotError naming the key.
    """
    with tempfile.TemporaryDirectory() as folder:
        composed = Path(folder) / "params.yaml"
        _dump(overrides, conf, composed)
        data = composed.read_bytes()
    where = shlex.join(["compose", *overrides]) if overrides else str(conf)
    params = parameters.parse(parsed(data), where)
    params.find_plugins()
    check_paths(params, target.parent)
    atomic.write_bytes(target, data)


def check_paths(params: parameters.Params, root: Path) -> None:
    """Raises WeldspotError naming `source.path` or `source.background` when it leads nowhere, or where DVC is blind."""
    for key in ("path", "background"):
        value = getattr(params.source, key)
        if stores.is_address(value):
            stores.exists(value, f"source.{key}")
            continue
        if not (root / value).exists():
            raise WeldspotError(
                f"source.{key}: no such file or folder: {value}; give one that is there with "
                f"`weldspot compose source={params.source.name} source.{key}=…` (relative paths start at the root)"
            )
        # DVC hashes the folder before any of our code runs, and stops at such a link without naming the key
        for folder, folders, names in os.walk(root / value):
            for path in (Path(folder, name) for name in folders + names):
                if path.is_symlink() and not path.exists():
                    raise WeldspotError(f"source.{key}: {path} is a link that leads nowhere; delete it")
        if params.source.name == "folder" or key == "background":
            dvc_sight.check(root / value, root, f"source.{key}")


def _dump(overrides: list[str], conf: Path, output: Path) -> None:
    from dvc.utils.hydra import compose_and_dump  # DVC's own: the bytes must be those of `dvc exp run`
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    if not (conf / "config.yaml").is_file():
        raise WeldspotError(f"{conf}/config.yaml: no such file; run in the repository's root")
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            compose_and_dump(output, str(conf.resolve()), None, "config", str(conf.resolve().parent), overrides)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{mark.name}, line {mark.line + 1}" if mark else str(conf)
        raise WeldspotError(f"{where}: not valid YAML ({error.problem})") from error
    except (HydraException, OmegaConfBaseException, ValueError, TypeError) as error:
        raise WeldspotError(_explain(error, overrides)) from error


def _explain(error: Exception, overrides: list[str]) -> str:
    """Hydra says what is wrong on several lines, with hints for its own command line; a user needs one of ours."""
    text = re.sub(r" ?See https://hydra\S+ for details", "", " ".join(str(error).split()))
    given = shlex.join(overrides) or "conf"
    if found := re.search(r"Could not override '([^']+)'", text):
        return f"{found[1]} is not a known key (in `{given}`); `weldspot config` lists the keys"
    if found := re.search(
        r"Could not find '([^']+)'.*?Available options(?: in '[^']*')?: (.+?)(?: Config search|$)", text
    ):
        return f"{found[1].replace('/', '=')}: no such choice (in `{given}`); there are: {found[2]}"
    if found := re.search(r"Ambiguous value for argument '([^'=]+)=", text):
        return f"{found[1]}: several values (in `{given}`); try each with `dvc exp run --queue -S '{found[1]}=…,…'`"
    return f"`{given}` can't be composed: {text}; an override is key=value, see docs/configuration.md"
