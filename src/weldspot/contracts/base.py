"""What every contract is: read leniently, written exactly."""

import json
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from weldspot.runtime.errors import WeldspotError

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Contract(BaseModel):
    """A file or message that another program reads or writes.

    Unknown keys are ignored, so that what a newer version has written can still be read.
    """

    model_config = ConfigDict(frozen=True)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The contract in a JSON file; raises WeldspotError naming the file and the first key that is wrong.

        Raises FileNotFoundError when there is none: what that means is for the caller to say.
        """
        return cls.parse(path.read_bytes(), str(path))

    @classmethod
    def parse(cls, data: bytes | str, where: str) -> Self:
        """The contract in JSON text that came from `where`; raises WeldspotError naming the first key that is wrong."""
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"])) or "the whole"
            raise WeldspotError(f"{where}: {key}: {first['msg']}; it is not what this version writes") from error

    @classmethod
    def found(cls, path: Path) -> Self | None:
        """The contract in a JSON file, None when there is none or it can't be read as one."""
        try:
            return cls.read(path)
        except (OSError, WeldspotError):
            return None

    def json_bytes(self) -> bytes:
        """Readable JSON in the order of the fields, with a line's end; what was never said is left out."""
        value = self.model_dump(mode="json", exclude_unset=True)
        return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
