"""data/ of a new repository, and the objects that restore it."""

import hashlib

import yaml

from weldspot import shipped
from weldspot.repository import data


def test_every_object_is_what_its_name_says() -> None:
    found = data.contents()
    for store in (".dvc/cache/files/md5/", "remote/files/md5/"):
        objects = {name: content for name, content in found.items() if name.startswith(store)}
        for name, content in objects.items():
            md5 = name.removeprefix(store).replace("/", "").removesuffix(".dir")
            assert hashlib.md5(content, usedforsecurity=False).hexdigest() == md5
        (out,) = yaml.safe_load(shipped.file("data.dvc").read_text())["outs"]
        assert len(objects) == out["nfiles"] + 1
    assert sum(name.startswith("data/") for name in found) == 4
