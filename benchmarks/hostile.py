"""Exports and pictures made to break their readers, a fixed seed: each must end in a line within 10 s and 1 GB.

python benchmarks/hostile.py bombs|zips|notes|pictures [count] [seed]

bombs: tests/sources/bombs.py at full size. zips: bytes of a zip changed, of every format and compression. notes: bytes of
the annotations changed. pictures: bytes of every kind of picture changed, with sizes and lengths blown up. Exit status 1
if one ends in a traceback, too late or too large; what it was is said, with the seed that makes it again.
"""

import io
import multiprocessing
import random
import resource
import struct
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/sources"), str(ROOT / "tests"), str(ROOT / "tests/sources/layouts")]

from bombs import BOMBS  # noqa: E402

SECONDS, MEGABYTES, GIVEN_UP = 10.0, 1000, 30.0
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def main(kind: str, count: int, seed: int) -> int:
    tally: Counter[str] = Counter()
    slowest, largest, bad = 0.0, 0, 0
    context = multiprocessing.get_context("spawn")
    worker, ours = _started(context)
    for name in _names(kind, count, seed):
        ours.send((kind, name, BOMBS[name](1.0) if kind == "bombs" else b""))
        if ours.poll(GIVEN_UP):
            try:
                ended, seconds, megabytes = ours.recv()
            except EOFError:
                ended, seconds, megabytes = "killed", 0.0, 0
        else:
            ended, seconds, megabytes = "given up", GIVEN_UP, 0
        if ended in ("killed", "given up"):
            worker.kill()
            worker.join()
            worker, ours = _started(context)
        slowest, largest = max(slowest, seconds), max(largest, megabytes)
        tally[ended.split(":")[0]] += 1
        if ended.split(":")[0] not in ("read", "a line") or seconds > SECONDS or megabytes > MEGABYTES:
            bad += 1
            print(f"  {name}: {ended[:300]}, {seconds:.1f} s, {megabytes} MB", flush=True)
        elif kind == "bombs":
            print(f"  {name}: {ended[:150]}, {seconds:.1f} s, {megabytes} MB", flush=True)
    worker.kill()
    print(
        f"{kind}: {dict(tally)}, the slowest {slowest:.1f} s, the largest {largest} MB; {bad} are not as they must be"
    )
    return 1 if bad else 0


def _started(context: multiprocessing.context.SpawnContext) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    ours, theirs = context.Pipe()
    worker = context.Process(target=_work, args=(theirs,), daemon=True)
    worker.start()
    theirs.close()
    return worker, ours


def _names(kind: str, count: int, seed: int) -> Iterator[str]:
    if kind != "bombs":
        yield from (f"{seed} {number}" for number in range(count))
        return
    yield from BOMBS


def _work(pipe: Connection) -> None:
    """Answers (how it ended, seconds, megabytes of memory at most); ends where memory passes three times the bound."""
    resource.setrlimit(resource.RLIMIT_DATA, (3 * MEGABYTES << 20, resource.RLIM_INFINITY))
    while True:
        kind, name, data = pipe.recv()
        data = data or _made(kind, name)
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        begun = time.monotonic()
        try:
            ended = _pictured(data) if kind == "pictures" else _read(data)
        except MemoryError:
            ended = "no memory"
        except BaseException as error:
            ended = f"{type(error).__name__}: {traceback.format_exc()[-250:]}"
        seconds = time.monotonic() - begun
        status = Path("/proc/self/status").read_text()
        peak = int(status.partition("VmHWM:")[2].split()[0]) >> 10
        pipe.send((ended, seconds, peak))


def _made(kind: str, name: str) -> bytes:
    draw = random.Random(name)
    if kind == "pictures":
        return _picture(draw)
    import table_writers
    import test_hostile_exports
    import writers

    formats = writers.FORMATS | table_writers.FORMATS
    files = formats[draw.choice(sorted(formats))][1](writers.photos(12))
    if kind == "notes":
        notes = [one for one in files if not one.endswith((".jpg", ".png"))]
        for note in draw.sample(notes, min(len(notes), draw.choice((1, 1, 2)))):
            for _ in range(draw.choice((1, 1, 5, 20))):
                files[note] = test_hostile_exports.mutated(files[note], draw)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", draw.choice(COMPRESSIONS)) as archive:
        for one, data in files.items():
            archive.writestr(one, data)
    whole = stream.getvalue()
    if kind == "zips":
        table = whole.rindex(b"PK\1\2")  # half of the changes hit the table or a head, where they matter
        for _ in range(draw.choice((1, 1, 2, 5, 20))):
            low = draw.choice((0, min(table, whole.find(b"PK\1\2"))))
            at = draw.randrange(low, len(whole))
            whole = whole[:at] + bytes([draw.randrange(256)]) + whole[at + draw.choice((0, 1, 1, 1, 2)) :]
    return whole


def _read(data: bytes) -> str:
    """As `fetch` and `ingest` do."""
    from weldspot.runtime.errors import WeldspotError
    from weldspot.sources import folder
    from weldspot.sources.archive import Archive
    from weldspot.sources.layouts import recognition

    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place) / "in.zip", Path(place) / "export.zip"
        source.write_bytes(data)
        try:
            folder.deliver(source, target, "source.path")
            with Archive(target) as archive:
                layout = recognition.recognise(archive, "in.zip")
                items = sum(1 for _ in recognition.read(archive, layout))
            folder.describe(target)
        except WeldspotError as error:
            assert "\n" not in error.line()
            return f"a line: {error.line()}"
        return f"read: {layout}, {items} items"


def _picture(draw: random.Random) -> bytes:
    from PIL import Image

    kind = draw.choice(("JPEG", "JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP", "AVIF", "HEIF"))
    side = draw.choice((64, 400))
    stream = io.BytesIO()
    Image.effect_noise((side, side), 40).convert("RGB").save(
        stream, kind, **({"progressive": True} if draw.random() < 0.3 and kind == "JPEG" else {})
    )
    data = bytearray(stream.getvalue())
    for _ in range(draw.choice((1, 1, 3, 10))):
        at = draw.randrange(min(len(data), draw.choice((64, 700, len(data)))))
        data[at] = draw.randrange(256)
    if kind == "JPEG" and draw.random() < 0.5:  # a size that is not the picture's
        frame = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
        sides = draw.choice(((9900, 9900), (1600, 15600), (65500, 1500), (20000, 20000)))
        data[frame + 5 : frame + 9] = struct.pack(">HH", *sides)
    if kind == "PNG" and draw.random() < 0.5:
        data[16:24] = struct.pack(">II", *draw.choice(((9900, 9900), (1600, 15600), (100_000, 900))))
        import zlib

        data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


def _pictured(data: bytes) -> str:
    """As `collect` and `ingest` do."""
    from weldspot.config.parameters import load
    from weldspot.images import codec

    rules = load(ROOT / "params.yaml").ingest
    try:
        found = codec.canonical(data, rules.max_pixels, rules.min_side)
    except codec.BadImage as error:
        assert "\n" not in str(error)
        return f"a line: {error}"
    return f"read: {found.rgb.shape}"


if __name__ == "__main__":
    given = sys.argv[1:] + ["bombs", "500", "22"][len(sys.argv) - 1 :]
    sys.exit(main(given[0], int(given[1]), int(given[2])))
