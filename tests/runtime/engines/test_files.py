"""An item keeps what it says when its files are elsewhere."""

from dataclasses import dataclass
from pathlib import Path

from weldspot.runtime.engines.files import Files


@dataclass(frozen=True)
class Block(Files):
    number: int


def test_an_item_of_ones_own_is_moved_with_its_fields() -> None:
    block = Block(7, reads=(Path("/a/x"), Path("/b/x")), writes=(Path("/c/y"),))
    moved = block.moved((Path("/t/0/x"), Path("/t/1/x")), (Path("/t/2/y"),))
    assert (moved.number, moved.reads[1], moved.writes[0]) == (7, Path("/t/1/x"), Path("/t/2/y"))
    assert block.held() is block
