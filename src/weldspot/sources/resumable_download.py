"""Downloads that go on where they were cut off, and never stand half done under their final name."""

import json
import re
import shutil
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

import requests

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.terminal.progress import Progress
from weldspot.sources.archive import Archive

TIMEOUT = (15, 60)  # seconds to connect, and between two bytes
_PIECE = 1 << 18  # bytes


class _State(TypedDict):
    """What is remembered beside a partial download: the whole's length, and what names these very bytes."""

    total: int | None
    validator: str | None


def download(link: str, partial: Path, target: Path, what: str, title: str) -> None:
    """Fetches a zip by HTTP ranges into `partial`, checks its length and every CRC, then puts it at `target` too.

    What has arrived stays in `partial` for the next run until `forget`, unless it is damaged.

    Args:
        link: Where the zip is.
        partial: Where its bytes gather, beside a .json of the same name.
        target: Where the whole zip is wanted.
        what: What an error calls it.
        title: What the progress bar calls it.

    Raises:
        WeldspotError: the download broke off or arrived damaged.
    """
    partial.parent.mkdir(parents=True, exist_ok=True)
    host = urlsplit(link).netloc
    try:
        total = _fetch(link, partial, what, title)
    except requests.RequestException as error:
        here = partial.stat().st_size if partial.exists() else 0
        raise WeldspotError(
            f"{what}: the download from {host} broke off after {here} bytes ({type(error).__name__}); "
            "run `dvc repro` again, it goes on from there"
        ) from None
    here = partial.stat().st_size
    if total is not None and here < total:
        raise WeldspotError(
            f"{what}: the download from {host} broke off after {here} of {total} bytes; "
            "run `dvc repro` again, it goes on from there"
        )
    _verify(partial, what)
    put(partial, target)


def put(made: Path, target: Path) -> None:
    """One file under both names, so that a run that is killed from here on has it still."""
    try:
        target.hardlink_to(made)
    except OSError:  # another file system
        shutil.copyfile(made, target)


def forget(partial: Path) -> None:
    """Deletes what download() keeps."""
    partial.unlink(missing_ok=True)
    _state(partial).unlink(missing_ok=True)


def _fetch(link: str, partial: Path, what: str, title: str) -> int | None:
    """Appends what is missing; returns the length of the whole, None when the server does not say it."""
    have = partial.stat().st_size if partial.exists() else 0
    state = _read_state(partial)
    if have and state["total"] == have:
        return have
    headers = {"Accept-Encoding": "identity"}
    if have and state["validator"]:
        headers |= {"Range": f"bytes={have}-", "If-Range": state["validator"]}
    with requests.get(link, headers=headers, stream=True, timeout=TIMEOUT) as response:
        if response.status_code not in (200, 206):
            if response.status_code == 416:  # what is here is longer than the file there
                forget(partial)
            raise WeldspotError(f"{what}: the server answered {response.status_code}; run `dvc repro` again")
        total, start = _total(response), have if response.status_code == 206 else 0
        if response.status_code == 206 and _starts_at(response) != have:
            raise WeldspotError(f"{what}: the server answered with another range than asked for; run it again")
        state = _State(total=total, validator=_validator(response))
        _state(partial).write_text(json.dumps(state))
        _append(response, partial, start, total, title)
    return total


def _append(response: requests.Response, partial: Path, start: int, total: int | None, title: str) -> None:
    response.raw.enforce_content_length = False  # it would throw away what came before the break; download() checks
    with (
        partial.open("r+b" if start else "wb") as file,
        Progress(total=total, initial=start, desc=title, unit="B", unit_scale=True) as bar,
    ):
        file.seek(start)
        file.truncate()
        for piece in response.iter_content(_PIECE):
            file.write(piece)
            bar.update(len(piece))


def _total(response: requests.Response) -> int | None:
    whole = re.search(r"/(\d+)$", response.headers.get("Content-Range", ""))
    if whole:
        return int(whole[1])
    length = response.headers.get("Content-Length")
    return int(length) if length and response.status_code == 200 else None


def _starts_at(response: requests.Response) -> int | None:
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(found[1]) if found else None


def _validator(response: requests.Response) -> str | None:
    etag = response.headers.get("ETag")
    # a weak tag does not promise the same bytes, so it can't guard a resumed download
    return etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified")


def _state(partial: Path) -> Path:
    return partial.with_suffix(".json")


def _read_state(partial: Path) -> _State:
    try:
        state = json.loads(_state(partial).read_text())
    except (OSError, ValueError):
        state = None
    if not isinstance(state, dict):
        return _State(total=None, validator=None)
    return _State(total=state.get("total"), validator=state.get("validator"))


def _verify(partial: Path, what: str) -> None:
    try:
        with Archive(partial) as archive:
            damaged = archive.damaged()
        problem = f"{len(damaged)} damaged files in it, the first is {damaged[0]}" if damaged else ""
    except WeldspotError:
        problem = "not a whole zip file"
    if problem:
        forget(partial)  # resuming would only complete the damage
        raise WeldspotError(f"{what} arrived damaged: {problem}; run `dvc repro` again to download it anew")
