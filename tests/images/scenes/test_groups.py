"""Which images are one scene, against the rules, and against the implementation that SciPy's disjoint sets replaced."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import scenery
from hypothesis import given, settings
from hypothesis import strategies as st

from weldspot.images.scenes.fingerprint import DIMENSIONS, fingerprint, near_pairs
from weldspot.images.scenes.groups import groups
from weldspot.images.scenes.names import frames, scene_name

THRESHOLD = 0.3  # as conf/config.yaml
GAP = 5


def unlike(n: int) -> np.ndarray:
    return np.eye(DIMENSIONS, dtype=np.float32)[[7 + 3 * k for k in range(n)]] * 0.1  # no two correlate


def test_groups_are_transitive_over_names_and_looks():
    names = [
        "train/a_jpg.rf.1.jpg",
        "test/a_jpg.rf.2.jpg",
        "b.jpg",
        "IMG_1_block_0_0.png",
        "IMG_1_block_0_1.png",
        "c.jpg",
    ]
    prints = unlike(6)
    prints[1] = prints[2] = fingerprint(scenery.scene(1))  # a's second copy looks like b
    prints[3] = fingerprint(scenery.scene(2))
    found = groups(names, prints, THRESHOLD, GAP)
    assert found[0] == found[1] == found[2]
    assert found[3] == found[4]
    assert len(set(found)) == 3


def test_frames_of_one_video_are_one_scene_only_when_close():
    names = [f"x_vid{number}_jpg.rf.a.jpg" for number in (10, 12, 14, 40)] + ["y_vid11_jpg.rf.a.jpg"]
    found = groups(names, unlike(5), THRESHOLD, GAP)
    assert found[0] == found[1] == found[2]
    assert len(set(found)) == 3
    assert len(set(groups(names, unlike(5), THRESHOLD, 0))) == 5


def test_all_frames_that_a_tool_cut_from_one_clip_are_one_scene_however_far_apart():
    names = [f"{split}/weld3_mp4-{number}_jpg.rf.{number}a.jpg" for split, number in (("train", 1), ("test", 900))]
    assert len(set(groups([*names, "train/weld4_mp4-2_jpg.rf.b.jpg"], unlike(3), THRESHOLD, GAP))) == 2


def test_neighbours_of_one_camera_are_one_scene_when_they_look_half_alike():
    names = ["IMG_0007.jpg", "IMG_0008.jpg", "IMG_0009.jpg", "IMG_0100.jpg"]
    prints = unlike(4)
    rng = np.random.default_rng(0)
    prints[0] = fingerprint(scenery.scene(1))
    noise = rng.normal(size=DIMENSIONS).astype(np.float32)
    noise -= (noise @ prints[0]) * prints[0]
    prints[1] = prints[3] = 0.55 * prints[0] + np.sqrt(1 - 0.55**2) * noise / np.linalg.norm(noise)
    found = groups(names, prints, THRESHOLD, GAP)
    assert found[0] == found[1], "half alike, one after the other"
    assert found[2] not in (found[0], found[3]), "neighbours that look like two things"
    assert len(set(groups([n.replace("IMG_", "x") for n in names[:3]], prints[:3], THRESHOLD, GAP))) == 3


def test_a_rule_of_the_users_own_names_scenes():
    names = ["plate-7/a.jpg", "plate-7/b.jpg", "plate-8/a.jpg", "other.jpg"]
    found = groups(names, unlike(4), THRESHOLD, GAP, pattern=re.compile(r"^(?P<scene>plate-\d+)/"))
    assert found[0] == found[1]
    assert len(set(found)) == 3


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(8)))
def test_groups_do_not_depend_on_the_order(order):
    names = [f"{'abc'[k % 3]}_jpg.rf.{k}.jpg" for k in range(6)] + ["p.jpg", "q.jpg"]
    prints = np.stack([fingerprint(scenery.scene(k)) for k in (0, 1, 2, 3, 4, 5, 5, 9)])
    straight = groups(names, prints, THRESHOLD, GAP)
    shuffled = groups([names[k] for k in order], prints[list(order)], THRESHOLD, GAP)
    assert (
        len(set(zip([straight[k] for k in order], shuffled, strict=True))) == len(set(straight)) == len(set(shuffled))
    )
    assert straight[5] == straight[6] != straight[7]


def test_an_image_at_the_end_renames_no_group():
    names, prints = ["b_jpg.rf.1.jpg", "c.jpg"], np.stack([fingerprint(scenery.scene(k)) for k in (0, 1)])
    joined = groups([*names, "a.jpg"], np.vstack([prints, prints[:1]]), THRESHOLD, GAP)
    assert joined == [*groups(names, prints, THRESHOLD, GAP), joined[0]]


def test_what_comes_later_joins_one_group_and_never_two():
    prints = np.stack([fingerprint(scenery.scene(k)) for k in (0, 1)])
    between = prints.sum(0, keepdims=True)
    between /= np.linalg.norm(between)
    threshold = float(1 - (between @ prints.T).min()) + 0.01  # near enough to both, which are not near each other
    assert float(prints[0] @ prints[1]) < 1 - threshold
    names = ["a.jpg", "b.jpg", "later.jpg", "copy of a.jpg"]
    together = np.vstack([prints, between, prints[:1]])
    assert len(set(groups(names, together, threshold, GAP))) == 1, "of one age it joins them"
    first, second, later, copy = groups(names, together, threshold, GAP, [0, 0, 1, 1])
    assert later is None
    assert first == copy != second
    assert [first, second] == groups(names[:2], prints, threshold, GAP)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.lists(st.integers(0, 8), max_size=8))
def test_old_groups_stay_as_they_were(old, new):
    names = [f"{k}.jpg" for k in range(len(old) + len(new))]
    prints = np.stack([fingerprint(scenery.scene(k)) for k in [*old, *new]])
    ages = [0] * len(old) + [1 + 2 * k // max(1, len(new)) for k in range(len(new))]
    found = groups(names, prints, THRESHOLD, GAP, ages)
    assert found[: len(old)] == groups(names[: len(old)], prints[: len(old)], THRESHOLD, GAP)


def test_nothing_gives_no_groups():
    assert groups([], np.zeros((0, DIMENSIONS), np.float32), THRESHOLD, GAP) == []


class Sets:
    """Disjoint sets of 0..n-1 as the first version had them; the root of a set is another one than SciPy's."""

    def __init__(self, n: int) -> None:
        self.parent = list(range(n))

    def root(self, i: int) -> int:
        while self.parent[i] != i:
            i = self.parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        self.parent[self.root(i)] = self.root(j)


def first_version(
    names: list[str], prints: np.ndarray, threshold: float, gap: int, ages: Sequence[int]
) -> list[str | None]:
    sets, first, like = Sets(len(names)), {}, defaultdict(list)
    for i, name in enumerate(names):
        if ages[i] == 0 and (scene := scene_name(name)) is not None:
            sets.join(i, first.setdefault(scene, i))
    for scene, following in frames(first, gap):
        sets.join(first[scene], first[following])
    for i, j, _ in near_pairs(prints, threshold):
        if ages[j] == 0:
            sets.join(i, j)
        else:
            like[j].append(i)
    born = {sets.root(i): 0 for i, age in enumerate(ages) if age == 0}
    left_out = set()
    for j in (j for j, age in enumerate(ages) if age):
        roots = {sets.root(i) for i in like[j] if i not in left_out}
        if sum(born[root] < ages[j] for root in roots) > 1:
            left_out.add(j)
            continue
        for root in roots:
            sets.join(root, j)
        born[sets.root(j)] = min([ages[j], *(born[root] for root in roots)])
    eldest: dict[int, str] = {}
    for i, name in enumerate(names):
        eldest.setdefault(sets.root(i), name)
    ids = [hashlib.sha256(eldest[sets.root(i)].encode()).hexdigest()[:12] for i in range(len(names))]
    return [None if i in left_out else found for i, found in enumerate(ids)]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 9)), max_size=24),
    st.lists(st.integers(1, 3), max_size=12),
    st.integers(0, 10**6),
)
def test_groups_are_those_of_the_first_version(old: list[tuple[int, int]], later: list[int], seed: int) -> None:
    """Names that are copies and frames, and fingerprints of which many are between others, so that chains arise."""
    rng = np.random.default_rng(seed)
    ages = [0] * len(old) + sorted(later)
    stems = ("vid{}_jpg.rf.a.jpg", "photo {}.jpg")
    names = [stems[k % 2].format(k) for _, k in old] + [f"later {k}.jpg" for k in range(len(later))]
    base = np.eye(13, DIMENSIONS, dtype=np.float32)[:, rng.permutation(DIMENSIONS)]
    pairs = rng.integers(13, size=(len(ages), 2))
    prints = (base[pairs[:, 0]] + base[pairs[:, 1]]) * np.float32(0.5**0.5)
    for i, (looks, _) in enumerate(old):
        prints[i] = base[looks]
    found = groups(names, prints, 0.35, GAP, ages)
    assert found == first_version(names, prints, 0.35, GAP, ages)
