"""What lies at an address, as one zip: the same bytes as `sources.folder` makes of the same files on a disk."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from weldspot.runtime.errors import WeldspotError
from weldspot.runtime.terminal.progress import Progress
from weldspot.sources import folder
from weldspot.sources.packed.unpack import is_packed, unpack
from weldspot.sources.remote.contents import Contents
from weldspot.sources.remote.growing_zip import GrowingZip
from weldspot.sources.remote.partial import Partial
from weldspot.sources.remote.pieces import PIECE, Changed
from weldspot.sources.remote.store import Item, Store
from weldspot.sources.resumable_download import put

_ROUNDS = 5  # times that an object may change while it is read


def deliver(address: str, target: Path, key: str, downloads: Path) -> str:
    """Puts the zip, or what the folder, tar, TFRecord or Parquet at `address` holds, at `target`.

    What has arrived stays in `downloads` for the next run until `forget`.

    Args:
        address: Such as s3://bucket/prefix or https://host/export.zip.
        target: Where the zip is wanted.
        key: Of the configuration, which errors name.
        downloads: Where bytes gather.

    Returns:
        Which version it was: a digest of names, sizes and ETags.

    Raises:
        WeldspotError: one line a cause, never with a secret in it.
    """
    scratch = _scratch(address, downloads)
    scratch.mkdir(parents=True, exist_ok=True)
    with Store(address, key) as store:
        items, made = _fetched(store, scratch)
    if items[0].name or folder.is_plain_zip(made):
        put(made, target)
    else:
        folder.deliver(made, target, key, address)
    return _version(items)


def forget(address: str, downloads: Path) -> None:
    """Deletes what `deliver` keeps."""
    shutil.rmtree(_scratch(address, downloads), ignore_errors=True)


def _scratch(address: str, downloads: Path) -> Path:
    return downloads / hashlib.sha256(address.encode()).hexdigest()[:16]


def _fetched(store: Store, scratch: Path) -> tuple[list[Item], Path]:
    """What lies there, and the file that it has become; what changes on the way is read again."""
    items = store.items()
    for _ in range(_ROUNDS):
        try:
            made = _whole(store, items[0], scratch) if not items[0].name else _folder(store, items, scratch)
        except Changed:
            items = store.items()
            continue
        if (now := store.items()) == items:
            return items, made
        items = now
    raise WeldspotError(
        f"{store.key}: {store.address} changes while it is read; run `dvc repro` when nobody writes there"
    )


def _whole(store: Store, item: Item, scratch: Path) -> Path:
    """A single object, as it is."""
    partial = Partial(scratch)
    with Progress(total=item.size, initial=partial.arrived(item), desc="fetch", unit="B", unit_scale=True) as bar:
        for _, content in Contents(store, partial).read([item], bar.update):
            path = partial.path(item)
            if not path.exists():  # it was small enough for memory
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content.read())
    return path


def _folder(store: Store, items: Sequence[Item], scratch: Path) -> Path:
    """All objects in a zip, packed ones taken apart one after another, so that there is never more than one of them."""
    grown, partial = GrowingZip(scratch / "export.zip"), Partial(scratch)
    try:
        here = 0
        while here < len(items) and grown.holds(here, items[here]):
            here += 1
        grown.keep(here)
        rest = items[here:]
        arrived = sum(item.size for item in items[:here]) + (partial.arrived(rest[0]) if rest else 0)
        total = sum(item.size for item in items)
        with Progress(total=total, initial=arrived, desc="fetch", unit="B", unit_scale=True) as bar:
            for item, content in Contents(store, partial).read(rest, bar.update):
                if item.name.endswith("/"):
                    grown.add(item, None)
                elif is_packed(item.name, content):
                    unpack(item.name, content, grown.zip, item.size)
                else:
                    grown.add(item, content)
                grown.mark(item)
                if item.size > PIECE:
                    partial.drop()
    except BaseException:
        grown.abandon()
        raise
    grown.close()
    return grown.path


def _version(items: Sequence[Item]) -> str:
    lines = "".join(f"{item.name}\t{item.size}\t{item.version}\n" for item in items)
    return f"{len(items)} object{'s' * (len(items) != 1)}, listing {hashlib.sha256(lines.encode()).hexdigest()[:16]}"
