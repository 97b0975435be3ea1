"""Batches of pictures: the same whatever the number of threads, after a kill too; and threads that end."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pyarrow as pa
import pytest
from weld_classes import WELD

from weldspot.images import feed
from weldspot.images.dataset import Images
from weldspot.images.feed import Feed, turned
from weldspot.runtime.errors import WeldspotError

SIDE = 16


def images(count: int, damaged: int | None = None) -> Images:
    rng = np.random.default_rng(0)
    encoded = [cv2.imencode(".png", rng.integers(0, 255, (SIDE, SIDE, 3), np.uint8))[1].tobytes() for _ in range(count)]
    if damaged is not None:
        encoded[damaged] = encoded[damaged][:20]
    names = [f"{k:064x}" for k in range(count)]
    labels = np.zeros((count, len(WELD)), np.uint8)
    return Images(WELD, names, np.zeros(count, int), labels, np.array(names), pa.chunked_array([encoded], pa.binary()))


def decoding() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("decode")]


@pytest.mark.parametrize("workers", ["1", "4"])
@pytest.mark.parametrize("batch_size", [1, 5, 20, 64])
def test_batches_are_the_rows_in_their_order(workers: str, batch_size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", workers)
    source, rows = images(43), np.random.default_rng(1).permutation(43)[:41]
    with Feed(source, rows, batch_size) as fed:
        parts = list(fed)
    assert {len(part) for part in parts[:-1]} <= {batch_size}
    np.testing.assert_array_equal(np.concatenate(parts), source.decode(rows))
    assert (fed.images, decoding()) == (41, [])
    assert fed.waited > 0


def test_nothing_gives_no_batch() -> None:
    with Feed(images(0), np.zeros(0, int), 8) as fed:
        assert list(fed) == []


def test_pictures_are_laid_down_in_all_eight_positions() -> None:
    source, turns = images(8), np.arange(8)
    with Feed(source, np.zeros(8, int), 8, turns) as fed:
        (found,) = fed
    picture = source.decode(np.array([0]))[0]
    expected = [np.rot90(side, quarter) for side in (picture, picture[:, ::-1]) for quarter in range(4)]
    np.testing.assert_array_equal(found, np.stack(expected))
    assert turned(picture, 0) is picture


def test_only_so_many_batches_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELDSPOT_WORKERS", "2")
    begun: list[int] = []
    decode = Images.decode_into
    monkeypatch.setattr(
        Images, "decode_into", lambda self, rows, out: (begun.append(len(rows)), decode(self, rows, out))
    )
    with Feed(images(320), np.arange(320), 32) as fed:
        taken = iter(fed)
        for batch in range(1, 4):
            next(taken)
            time.sleep(0.05)
            assert sum(begun) <= 32 * (batch + feed._AHEAD)
    assert sum(begun) < 320, "what nobody takes is not decoded"


def take_all(fed: Feed, raised: BaseException | None = None) -> None:
    """As a framework does: `raised` instead of what the feed raises, and on its own with the first batch."""
    with fed:
        try:
            for _ in fed:
                if isinstance(raised, KeyboardInterrupt):
                    raise raised
        except WeldspotError:
            if raised is not None:
                raise raised from None
            raise


@pytest.mark.parametrize("made_of_it", [None, ValueError("a framework's own")])
def test_a_damaged_picture_is_one_line_and_ends_the_threads(made_of_it: Exception | None) -> None:
    one_line = r"^the photographs: image 0{12}: damaged \(it does not decode\); .*$"
    with pytest.raises(WeldspotError, match=one_line):
        take_all(Feed(images(100, damaged=50), np.arange(100), 8), made_of_it)
    assert decoding() == []


def test_an_interruption_passes_and_ends_the_threads() -> None:
    with pytest.raises(KeyboardInterrupt):
        take_all(Feed(images(100), np.arange(100), 8), KeyboardInterrupt())
    assert decoding() == []


# prints the md5 of each batch of an epoch; waits after the fifth for who is to kill it, if it is told to
_EPOCH = """
import hashlib, signal, sys, time
import numpy as np
import test_feed
from weldspot.images.feed import Feed

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born deaf to it
source = test_feed.images(400)
rows = np.random.default_rng([0, 1]).permutation(400)
with Feed(source, rows, 8, rows % 8) as fed:
    for number, pictures in enumerate(fed):
        print(hashlib.md5(pictures).hexdigest(), flush=True)
        if number == 4 and sys.argv[1] == "wait":
            time.sleep(60)
"""


def epoch(workers: int, wait: bool) -> subprocess.Popen[str]:
    paths = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    environment = os.environ | {"PYTHONPATH": paths, "WELDSPOT_WORKERS": f"{workers}"}
    command = [sys.executable, "-c", _EPOCH, "wait" if wait else "run"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_the_first_fifty_batches_are_the_same_for_one_and_four_threads_and_after_a_kill() -> None:
    with epoch(4, wait=True) as killed:
        assert killed.stdout is not None
        before = [killed.stdout.readline() for _ in range(5)]
        killed.send_signal(signal.SIGKILL)
        assert killed.wait(10) == -signal.SIGKILL
    said = []
    for workers in (4, 1):
        with epoch(workers, wait=False) as whole:
            said.append(whole.communicate(timeout=60)[0].splitlines(keepends=True))
    assert len(said[0]) == 50
    assert said[0] == said[1]
    assert said[0][:5] == before
    assert len(set(said[0])) == 50


def test_ctrl_c_ends_the_process() -> None:
    with epoch(2, wait=True) as running:
        assert running.stdout is not None
        for _ in range(5):
            running.stdout.readline()
        running.send_signal(signal.SIGINT)
        assert running.wait(10) in (1, 130, -signal.SIGINT)
