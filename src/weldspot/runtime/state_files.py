"""The one reader of what this project keeps on disk: a file that is damaged is one line, which says how to mend it.

JSON is checked against a schema, Parquet against the columns that are wanted and its own checksums; other formats are
read inside `reading`. What is not there stays a FileNotFoundError: what that means is for the caller to say.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

# what mends a file, by who wrote it
FROM_DATA = "restore it: `dvc checkout data.dvc`"
FROM_GRAPH = "`dvc repro` makes it anew"
FROM_REGISTRY = "`weldspot publish` writes it anew"

Value = TypeVar("Value")


class Damaged(WeldspotError):
    """A file (`path`) that is there and is not what this project writes there."""

    def __init__(self, path: Path | str, reason: str, cure: str) -> None:
        super().__init__(path, reason, cure)  # as they are: an error that a worker raises is made anew from these
        self.path = Path(path)

    def __str__(self) -> str:
        path, reason, cure = self.args
        return f"{path}: damaged ({reason}); {cure}"


@contextmanager
def reading(path: Path | str, cure: str) -> Iterator[None]:
    """Whatever is raised while the file is read becomes Damaged, but for FileNotFoundError and a WeldspotError."""
    try:
        yield
    except (FileNotFoundError, WeldspotError):
        raise
    except Exception as error:  # decoders raise anything on damaged input
        raise Damaged(path, _reason(error), cure) from error


def read_json(path: Path, kind: type[Value], cure: str) -> Value:
    """The value in a JSON file, of a type that pydantic can check."""
    with reading(path, cure):
        return parse_json(path.read_bytes(), kind, path, cure)


def parse_json(data: bytes | str, kind: type[Value], where: Path | str, cure: str) -> Value:
    """The value in JSON text that came from `where`; raises Damaged naming the first key that is wrong."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the whole"
        raise Damaged(where, f"{key}: {first['msg']}", cure) from error


def parquet(path: Path, columns: Sequence[str], cure: str, where: str = "") -> "pq.ParquetFile":
    """A Parquet file that has these columns, open; its pages are checked where it carries their checksums.

    What is read of it later is read inside `reading`. `where`: how messages name it, else by its path.
    """
    import pyarrow.parquet as pq

    with reading(where or path, cure):
        file = pq.ParquetFile(path, page_checksum_verification=True)
        if missing := [name for name in columns if name not in file.schema_arrow.names]:
            raise Damaged(where or path, f"without the column {missing[0]}", cure)
        return file


def read_parquet(path: Path, columns: Sequence[str], cure: str, where: str = "") -> "pa.Table":
    """These columns of a Parquet file."""
    with reading(where or path, cure):
        return parquet(path, columns, cure, where).read(columns=list(columns))


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(text.split())[:200]
