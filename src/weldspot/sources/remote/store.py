"""What lies at an address in a store: its objects in order, and pieces of them.

What was read is what was listed: the version of each object (its ETag, or what the store has in the place of one) is
asked again when it has been read, and its MD5 is compared where the store tells it.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import requests

from weldspot.config import stores
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.archive import HIDDEN
from weldspot.sources.resumable_download import TIMEOUT


@dataclass(frozen=True)
class Item:
    """An object, or a hidden folder: `name` below the address ("" when the address is the object's own), `path` in the
    store, `size` in bytes, `version`: what changes when the bytes do, `md5`: 32 digits, "" where the store tells none.
    """

    name: str
    path: str
    size: int
    version: str
    md5: str = ""


class Store:
    """What lies at `address`, which is the value of the config `key`.

    Raises WeldspotError when it can't be opened.
    """

    def __init__(self, address: str, key: str) -> None:
        self.address, self.key = address, key
        self._files, self._path = stores.opened(address, key)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        stores.close(self._files)

    def items(self) -> list[Item]:
        """The objects in the order of their names; of hidden folders their names alone, ending in "/".

        Raises:
            WeldspotError: there are none, or the store refuses.
        """
        try:
            return self._found()
        except WeldspotError:
            raise
        except Exception as error:
            raise stores.absent(self._files, error, self.address, self.key) from None

    def again(self, item: Item) -> Item:
        """The object as it is now; raises as the store's library does."""
        return self._item(item.name, self._files.info(item.path, refresh=True) if self._lists() else self._info())

    def read(self, item: Item, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end`; raises as the store's library does."""
        data = self._files.cat_file(item.path, start=start, end=end)
        return bytes(data)

    def _lists(self) -> bool:
        return not self.address.startswith(("http://", "https://"))

    def _found(self) -> list[Item]:
        if not self._lists():
            self._check_ranges()
            return [self._item("", self._info())]
        self._files.invalidate_cache()
        base = self._path.rstrip("/")
        if "/" in base and not self._path.endswith("/"):
            info = self._files.info(base)
            if info["type"] == "file":
                return [self._item("", info)]
        found = self._files.find(base, detail=True)
        names = {path.removeprefix(base).lstrip("/"): info for path, info in found.items()}
        items = [self._item(name, info) for name, info in names.items() if name and not name.endswith("/")]
        if not items:
            raise FileNotFoundError(self.address)
        return sorted(_hidden_by_name(items).values(), key=lambda item: item.name)

    def _info(self) -> Mapping[str, Any]:
        info: Mapping[str, Any] = self._files.info(self._path)
        return info

    def _item(self, name: str, info: Mapping[str, Any]) -> Item:
        size, version = info.get("size"), _version(info)
        if size is None or not version:
            lacks = "its size" if size is None else "an ETag, by which a change of it would be seen"
            raise WeldspotError(
                f"{self.key}: {self.address}: the server does not tell {lacks}; "
                f"download it and set {self.key} to the file"
            )
        return Item(name, str(info["name"]), int(size), version, _md5(info))

    def _check_ranges(self) -> None:
        """A web server that gives no pieces would be asked for the whole of it again and again."""
        headers = {"Range": "bytes=0-0", "Accept-Encoding": "identity"}
        with requests.get(self.address, headers=headers, stream=True, timeout=TIMEOUT) as response:
            response.raise_for_status()
            if response.status_code != 206 and response.headers.get("Content-Length") != "0":
                raise WeldspotError(
                    f"{self.key}: {urlsplit(self.address).netloc} gives no pieces of a file (HTTP ranges), so a "
                    f"download could not go on after a cut; download it and set {self.key} to the file"
                )


def _hidden_by_name(items: list[Item]) -> dict[str, Item]:
    """Names that begin with a dot, as `archive.pack` has them: of such a folder goes in that it is there."""
    kept: dict[str, Item] = {}
    for item in items:
        parts = item.name.split("/")
        depth = next((depth for depth, part in enumerate(parts[:-1], 1) if HIDDEN.match(part)), 0)
        folder = "/".join(parts[:depth]) + "/"
        kept[folder if depth else item.name] = Item(folder, "", 0, "folder") if depth else item
    return kept


def _version(info: Mapping[str, Any]) -> str:
    known = (info.get(name) for name in ("ETag", "etag", "Content-MD5"))  # which DVC sees too
    return next((str(value).strip('"') for value in known if value), "")


def _md5(info: Mapping[str, Any]) -> str:
    """S3's ETag is one unless the object came in parts or is encrypted by KMS; the others have it in base 64."""
    content = info.get("content_settings") or {}
    encoded = info.get("md5Hash") or info.get("Content-MD5") or content.get("content_md5")
    if isinstance(encoded, bytes | bytearray):
        return bytes(encoded).hex()
    if encoded:
        return base64.b64decode(encoded).hex()
    tag = str(info.get("ETag", "")).strip('"')
    return tag if "StorageClass" in info and re.fullmatch(r"[0-9a-f]{32}", tag) else ""
