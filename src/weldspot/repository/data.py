"""data/ of a new repository: four rooms, empty but for a word on each; and the remote that has them."""

import json
from pathlib import Path

from weldspot import shipped
from weldspot.runtime.yaml_files import safe_loader


def contents() -> dict[str, bytes]:
    """Path → content: data/, its objects in DVC's cache, and those in `remote/` from which a clone restores it."""
    top = shipped.file("remote/files")
    (out,) = safe_loader.load(shipped.file("data.dvc").read_text())["outs"]
    objects = {out["md5"]}
    files: dict[str, bytes] = {}
    for entry in json.loads(_object(top, out["md5"]).read_text()):
        files[f"data/{entry['relpath']}"] = _object(top, entry["md5"]).read_bytes()
        objects.add(entry["md5"])
    for md5 in sorted(objects):
        path = _object(top, md5)
        for store in ("remote/files", ".dvc/cache/files"):
            files[f"{store}/{path.relative_to(top).as_posix()}"] = path.read_bytes()
    return files


def _object(top: Path, md5: str) -> Path:
    return top / "md5" / md5[:2] / md5[2:]
