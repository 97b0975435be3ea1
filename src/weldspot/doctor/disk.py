"""Room for a run where DVC keeps what the stages write."""

import os
import shutil
from pathlib import Path

from weldspot.config import stores
from weldspot.config.parameters import Params
from weldspot.config.sections.source import RoboflowSource, SampleSource
from weldspot.doctor.finding import Finding, missing, ok, warning
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.packed import zips

# measured on a small sample (docs/doctor.md), rounded up
BYTES_A_PIXEL = 0.6  # of an image as preprocess and augment write it
MODELS_MB = 60  # train, export, reports, MLflow's copies
SAMPLE_BYTES_A_PIXEL = 0.45
UNKNOWN = (3_500, 250_000_000)  # images and bytes of a download that nobody has seen yet
_PICTURES = frozenset((".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".heif", ".avif"))
_GB = 1e9


def room(params: Params, root: Path, cache: Path) -> Finding:
    """Free space at the cache, and at the workspace where that is another disk, against what a run writes."""
    needed = estimate(params, root)
    there = _existing(cache)
    free = {str(place): shutil.disk_usage(place).free for place in _disks(root.resolve(), there)}
    place, least = min(free.items(), key=lambda item: item[1])
    share = needed * 2 if len(free) == 1 else needed  # the workspace, and a copy in the cache
    said = f"{least / _GB:.1f} GB free in {place}; a run takes about {share / _GB:.1f} GB"
    cure = "free some, or put the cache elsewhere: dvc cache dir --local /another/disk"
    if least < share / 4:  # far from enough for what is not there yet, whatever the estimate is off by
        return missing("Disk", said, cure, stops=True)
    return ok("Disk", said) if least >= share else warning("Disk", said, cure)


def estimate(params: Params, root: Path) -> int:
    """Bytes that the stages write once, with every stage run anew.

    The export is there as delivered, and in the table; each image then once as preprocessed and once a variant.
    """
    images, size = photographs(params, root)
    pixels = params.preprocess.size**2
    return int(2 * size + images * (1 + params.augment.variants) * pixels * BYTES_A_PIXEL + MODELS_MB * 1e6)


def photographs(params: Params, root: Path) -> tuple[int, int]:
    """How many images a source has, and their bytes; for a download that was never made, a guess."""
    source = params.source
    if isinstance(source, SampleSource):
        return source.images, int(source.images * source.size**2 * SAMPLE_BYTES_A_PIXEL)
    path = root / source.path
    if isinstance(source, RoboflowSource) or stores.is_address(source.path):  # once it has been fetched
        path = root / "artifacts/fetch/export.zip"
    try:
        return _counted(path) if path.exists() else UNKNOWN
    except (OSError, WeldspotError):
        return UNKNOWN


def _counted(path: Path) -> tuple[int, int]:
    if path.is_file():
        with zips.opened(path) as archive:
            sizes = [(entry.filename, entry.file_size) for entry in archive.infolist()]
    else:
        found = [Path(folder, name) for folder, _, names in os.walk(path) for name in names]
        sizes = [(file.name, file.lstat().st_size) for file in found]
    images = sum(1 for name, _ in sizes if os.path.splitext(name)[1].lower() in _PICTURES)
    return images, sum(size for _, size in sizes)


def _disks(*places: Path) -> list[Path]:
    """One place of each file system."""
    seen: dict[int, Path] = {}
    for place in places:
        seen.setdefault(place.stat().st_dev, place)
    return list(seen.values())


def _existing(path: Path) -> Path:
    """The folder, or the first one above it that is there."""
    return path if path.exists() else _existing(path.parent)
