"""Objects one after another, each whole and looked at: what is small in memory, what is large in a file."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import IO

from weldspot.sources.remote import pieces
from weldspot.sources.remote.partial import Partial
from weldspot.sources.remote.pieces import PIECE, Changed
from weldspot.sources.remote.store import Item, Store


class Contents:
    """The objects of a store; a large one gathers in `partial`, where the next run finds what has arrived of it."""

    def __init__(self, store: Store, partial: Partial) -> None:
        self._store, self._partial = store, partial
        self._has_md5 = True

    def read(self, items: Sequence[Item], count: Callable[[int], object]) -> Iterator[tuple[Item, IO[bytes]]]:
        """Each object and its bytes, which are there until the next is asked for; `count` is told of bytes that came.

        Raises:
            Changed: an object is not the one that was listed.
            WeldspotError: the store can't be reached any more, or refuses.
        """
        here = self._partial.arrived(items[0]) if items and items[0].size > PIECE else 0
        if here and here == items[0].size:
            yield from self._large(items[0])
            items, here = items[1:], 0
        for piece in pieces.read(self._store, items, here):
            count(len(piece.data))
            if piece.item.size > PIECE:
                self._partial.append(piece)
                if piece.is_last:
                    yield from self._large(piece.item)
                continue
            self._check(piece.item, hashlib.md5(piece.data, usedforsecurity=False).hexdigest())
            yield piece.item, BytesIO(piece.data)

    def _large(self, item: Item) -> Iterator[tuple[Item, IO[bytes]]]:
        try:
            self._check(item, self._partial.md5(item) if item.md5 else "")
            if self._store.again(item) != item:  # its pieces may be of two versions
                raise Changed(item.name)
        except (Changed, FileNotFoundError):
            self._partial.drop()
            raise Changed(item.name) from None
        with self._partial.open(item) as file:
            yield item, file

    def _check(self, item: Item, md5: str) -> None:
        """What has another MD5 is read once more: an ETag that looks like one may be none, as under S3's KMS."""
        if not self._has_md5 or not item.md5 or md5 == item.md5:
            return
        again = hashlib.md5(usedforsecurity=False)
        for piece in pieces.read(self._store, [item]):
            again.update(piece.data)
        if again.hexdigest() != md5:
            raise Changed(item.name)
        self._has_md5 = False
