"""What every contract is: read leniently, written exactly."""

import json
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from weldspot.runtime import state_files

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Contract(BaseModel):
    """A file or message that another program reads or writes.

    Unknown keys are ignored, so that what a newer version has written can still be read; NaN and infinity are no
    numbers: JSON has none.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)
    cure: ClassVar[str] = "it is not what this version writes: restore it, or make it anew"  # of a file with one inside

    @classmethod
    def read(cls, path: Path) -> Self:
        """The contract in a JSON file; raises Damaged naming the file, the first key that is wrong, and the cure.

        Raises FileNotFoundError when there is none: what that means is for the caller to say.
        """
        return state_files.read_json(path, cls, cls.cure)

    @classmethod
    def parse(cls, data: bytes | str, where: str, cure: str = "") -> Self:
        """The contract in JSON text that came from `where`; raises Damaged naming the first key that is wrong."""
        return state_files.parse_json(data, cls, where, cure or cls.cure)

    @classmethod
    def found(cls, path: Path) -> Self | None:
        """The contract in a JSON file, None when there is none; one that is damaged is not none: raises Damaged."""
        try:
            return cls.read(path)
        except FileNotFoundError:
            return None

    def json_bytes(self) -> bytes:
        """Readable JSON in the order of the fields, with a line's end; what was never said is left out."""
        value = self.model_dump(mode="json", exclude_unset=True)
        return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
