"""What a file's name says about the scene that the photograph shows."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import PurePosixPath

_COPY = re.compile(r"^(?P<stem>.+?)\.rf\.[0-9A-Za-z]+(\.\w+)?$")
_FORMAT = re.compile(r"_(jpe?g|png|bmp|webp|tiff?)$", re.IGNORECASE)
_TILE = re.compile(r"^(?P<plate>.+?)_(block|tile|patch)_\d+_\d+(?=[_.\-]|$)", re.IGNORECASE)
_CLIP = re.compile(r"^(?P<clip>.+_(mp4|mov|avi|mkv|webm|m4v|wmv|mpe?g|3gp))[-_]\d+$", re.IGNORECASE)
_FRAME = re.compile(r"^(?P<series>.*(vid|video|clip|frame)[_-]?)(?P<number>\d{1,9})$", re.IGNORECASE)
_CAMERA = re.compile(
    r"^(?P<series>(.*/)?(_?(IMG|MG|DSC[FN]?|SAM|CIMG|PICT|MVI|GOPR)_?|P\d{3}))(?P<number>\d{4,5})$", re.IGNORECASE
)
_SHARD = re.compile(
    r"([-_.]?\d{3,6}(-of-\d{3,6})?)?\.(tar|tgz|tfrecords?|record|parquet)(\.\w+)?$|-\d{5}-of-\d{5}$", re.IGNORECASE
)
_NOT_THE_SCENE = {"train", "valid", "val", "validation", "test", "images", "jpegimages"}  # folders


def scene_name(name: str, pattern: re.Pattern[str] | None = None) -> str | None:
    """The scene of a file by its name, None when that says nothing: 100.jpg and image.jpg are what every tool writes.

    Args:
        name: A path in the export.
        pattern: The user's own rule: where it is found, its group `scene`, else its first group, else all of it is the
            scene.

    Returns:
        The stem of a vendor's copy, the plate of a tile, the clip that a frame was cut from, or a numbered frame or
        photograph of a camera, which `neighbours` orders.
    """
    if pattern and (own := pattern.search(name)):
        return str(own.groupdict().get("scene") or (own[1] if pattern.groups else None) or own[0])
    base = re.split(r"[\\/]", name)[-1]
    if tile := _TILE.match(base):
        return tile["plate"]
    copy = _COPY.match(base)
    stem = _FORMAT.sub("", _FORMAT.sub("", copy["stem"] if copy else PurePosixPath(base).stem))
    if clip := _CLIP.match(stem):
        return clip["clip"]
    if copy:
        return stem
    if _FRAME.match(stem) or _CAMERA.match(stem):
        return "/".join([*_folders(name), stem])
    return None


def frames(scenes: Iterable[str], gap: int) -> Iterator[tuple[str, str]]:
    """Pairs of scenes that are frames of one video at most `gap` numbers apart: one bead, moments later."""
    yield from _neighbours(_FRAME, scenes, gap)


def shots(scenes: Iterable[str], gap: int) -> Iterator[tuple[str, str]]:
    """Pairs of scenes that one camera took at most `gap` numbers apart: one bead, or the next one."""
    yield from _neighbours(_CAMERA, scenes, gap)


def _neighbours(rule: re.Pattern[str], scenes: Iterable[str], gap: int) -> Iterator[tuple[str, str]]:
    numbered = sorted((m["series"], int(m["number"]), s) for s in scenes if (m := rule.match(s)))
    for (series, number, scene), (next_series, next_number, next_scene) in pairwise(numbered):
        if series == next_series and next_number - number <= gap:
            yield scene, next_scene


def _folders(name: str) -> list[str]:
    """The folders of a path but those that say how an export is cut, also into shards: their frames are shuffled."""
    parts = (_SHARD.sub("", part) for part in re.split(r"[\\/]", name)[:-1])
    return [part for part in parts if part.lower() not in _NOT_THE_SCENE]
