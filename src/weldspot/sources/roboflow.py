"""A dataset version on Roboflow: the vendor's SDK finds the export, our own download resumes it."""

import io
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr

from weldspot.config.sections.source import RoboflowSource
from weldspot.runtime.errors import WeldspotError
from weldspot.sources import resumable_download

KEY = "ROBOFLOW_API_KEY"
_EXPORT_WAIT = 1800  # seconds; Roboflow makes an export when it is first asked for
_SECRET_PARAMETER = re.compile(r"((?:api_key|key|token|signature|x-goog-[a-z]+)=)[^&\s\"')]+", re.IGNORECASE)


def download(source: RoboflowSource, target: Path, partial_folder: Path, key: SecretStr) -> tuple[str, str]:
    """Puts the export zip at `target`; bytes gather in `partial_folder`, where a later run finds them until `forget`.

    Returns:
        Where it came from and its version, for the provenance.

    Raises:
        WeldspotError: one line a cause, never with the key in it.
    """
    return _download(source, target, partial_folder, _required(key))


def _download(source: RoboflowSource, target: Path, partial_folder: Path, key: str) -> tuple[str, str]:
    try:
        with _unlogged(key):
            link = _export_link(source, key)
            partial = _partial(source, partial_folder)
            resumable_download.download(link, partial, target, f"the export of {_where(source)}", source.name)
        return _where(source), str(source.version)
    except WeldspotError as error:
        problem = _scrubbed(str(error), key)
    except OSError as error:
        problem = _scrubbed(
            f"{partial_folder}: can't be written ({error.strerror or error}); free some space, run it again", key
        )
    # raised out here, so that the SDK's own error, with the key in its URL, is not its context
    raise WeldspotError(problem)


def forget(source: RoboflowSource, partial_folder: Path) -> None:
    """Deletes the downloaded bytes, once they stand where they belong."""
    resumable_download.forget(_partial(source, partial_folder))


def _partial(source: RoboflowSource, folder: Path) -> Path:
    return folder / f"{source.workspace}-{source.project}-v{source.version}-{source.format}.zip"


def _where(source: RoboflowSource) -> str:
    return f"https://universe.roboflow.com/{source.workspace}/{source.project}/dataset/{source.version}"


def _required(key: SecretStr) -> str:
    value = key.get_secret_value()
    if not value:
        raise WeldspotError(f"{KEY} is not set: put {KEY}=… in .env (Roboflow: Settings, API Keys), or source=sample")
    return value


class _Scrub(logging.Filter):
    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _scrubbed(record.getMessage(), self._key), None
        return True


def _scrubbed(text: str, key: str) -> str:
    return " ".join(_SECRET_PARAMETER.sub(r"\1…", text.replace(key, "…")).split())


@contextmanager
def _unlogged(key: str) -> Iterator[None]:
    """Within it neither the HTTP log nor the SDK's chatter says the key."""
    logger, scrub = logging.getLogger("urllib3.connectionpool"), _Scrub(key)
    logger.addFilter(scrub)
    try:
        with redirect_stdout(io.StringIO()):
            yield
    finally:
        logger.removeFilter(scrub)


def _export_link(source: RoboflowSource, key: str) -> str:
    import roboflow
    from roboflow import config
    from roboflow.adapters import rfapi

    config.refresh_region_urls()  # API_URL may have come from .env after the SDK was imported
    host = urlsplit(config.API_URL).netloc
    project = f"{source.workspace}/{source.project}"
    step = f"{host} does not accept {KEY}; copy the key again from Roboflow's Settings, API Keys"
    try:
        client = roboflow.Roboflow(api_key=key)
        step = f"source.project: {host} shows no project {project} to this key; check source.workspace and project"
        found = client.project(source.project, source.workspace)
        step = f"source.version: {project} has no version {source.version} that can be read; check source.version"
        version = found.version(source.version)
        step = f"source.format: {host} can't export {project} version {source.version} as {source.format}"
        deadline = time.monotonic() + _EXPORT_WAIT
        while True:
            export = rfapi.get_version_export(
                key, source.workspace, source.project, str(version.version), source.format
            )
            if export.get("ready", True):
                return str(export["export"]["link"])
            if time.monotonic() > deadline:
                raise RuntimeError("the export is still not ready; run again later")
            time.sleep(1)
    except requests.RequestException as error:
        cause = type(error).__name__
        raise WeldspotError(f"{host} can't be reached ({cause}); check the network and run `dvc repro` again") from None
    except (RuntimeError, KeyError, TypeError, ValueError, rfapi.RoboflowError) as error:
        raise WeldspotError(f"{step} ({_message(error)})") from None


def _message(error: Exception) -> str:
    found = re.search(r'"message"\s*:\s*"([^"]+)"', str(error))
    return found[1] if found else (" ".join(str(error).split())[:200] or type(error).__name__)
