"""One table of canonical images; what can't be used is quarantined with its reason, whatever it is."""

import csv
import io
import json
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import cv2
import exports
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from weldspot.images import table
from weldspot.runtime.errors import WeldspotError
from weldspot.sources.arrival import Arrival
from weldspot.stages import fetch, ingest
from weldspot.workspace import Workspace

CRACK = [("Crack", 8, 8, 40, 40)]


@pytest.fixture
def workspace(tmp_path, monkeypatch) -> Workspace:
    monkeypatch.setenv("WELDSPOT_WORKERS", "1")
    return Workspace(tmp_path)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def pillow(seed: int, height: int = exports.SIDE, width: int = exports.SIDE) -> Image.Image:
    return Image.fromarray(exports.scene(seed, height, width))


def bomb(side: int = 30_000) -> bytes:
    """A PNG that says it has 900 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


def cut_gif() -> bytes:
    """An animation that ends in the header of its second frame."""
    data = encoded(pillow(29), "GIF", save_all=True, append_images=[pillow(42)])
    one = encoded(pillow(29), "GIF")
    return data[: data.index(b"\x2c", len(one) - 8) + 4]


def run(
    workspace: Workspace, files: dict[str, bytes] | bytes, aliases: dict[str, str] | None = None, **changes: object
):
    (workspace.root / "in.zip").write_bytes(files if isinstance(files, bytes) else exports.zipped(files))
    params = exports.params(name="folder", path="in.zip")
    fetch.main(workspace, params.select(fetch.Params))
    section = params.ingest.model_copy(update={"background_crops": 0, "max_quarantined": 1.0} | changes)
    ingest.main(
        workspace,
        ingest.Params(
            labels=params.labels.model_copy(update={"aliases": params.labels.aliases | (aliases or {})}), ingest=section
        ),
    )
    shards = table.shards(workspace.artifact("ingest"))
    rows = [row for shard in shards for row in table.rows(shard, table.IngestedRow)]
    summary = json.loads((workspace.report("ingest") / "summary.json").read_text())
    return rows, report(workspace, "quarantine"), summary


def report(workspace: Workspace, name: str) -> dict[str, str]:
    with (workspace.report("ingest") / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return {line[0]: line[1] for line in list(csv.reader(stream))[1:]}


def pair(name: str, data: bytes, boxes: list[tuple] | bytes = CRACK, **options: object) -> dict[str, bytes]:
    stem = name.rsplit(".", 1)[0]
    return {name: data, f"{stem}.xml": boxes if isinstance(boxes, bytes) else exports.xml(boxes, **options)}


def decoded(row: table.IngestedRow) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(row["image"], np.uint8), cv2.IMREAD_COLOR_RGB)


WHOLE = exports.jpeg(exports.scene(20))
BAD = {
    "zero.jpg": (pair("zero.jpg", b""), "zero bytes"),
    "truncated.jpg": (pair("truncated.jpg", WHOLE[: len(WHOLE) // 2]), "truncated"),
    "torn.png": (pair("torn.png", encoded(pillow(21), "PNG")[:3000]), "truncated"),
    "page.jpg": (pair("page.jpg", b"\n<!DOCTYPE html><html>404</html>"), "web page"),
    "noise.jpg": (pair("noise.jpg", b"\x00\x01\x02" * 99), "not an image"),
    "bomb.png": (pair("bomb.png", bomb()), "30000 x 30000 pixels: more than ingest.max_pixels"),
    "tiny.jpg": (pair("tiny.jpg", exports.jpeg(exports.scene(22, 8, 8))), "under ingest.min_side"),
    "rust.jpg": (pair("rust.jpg", exports.jpeg(exports.scene(23)), [("Rust", 1, 1, 9, 9)]), "unknown class 'Rust'"),
    "outside.jpg": (
        pair("outside.jpg", exports.jpeg(exports.scene(24)), [("Crack", 200, 200, 220, 220)]),
        "'Crack' lies outside the 96 x 96 image",
    ),
    "emptyxml.jpg": (pair("emptyxml.jpg", exports.jpeg(exports.scene(26)), b""), "annotation is an empty file"),
    "noobjects.jpg": (pair("noobjects.jpg", exports.jpeg(exports.scene(27)), []), "annotated with nothing"),
    "lonely.jpg": ({"lonely.jpg": exports.jpeg(exports.scene(28))}, "no annotation"),
    "cut.gif": (pair("cut.gif", cut_gif()), "can't be decoded"),
    "../climb.jpg": ({"../climb.jpg": WHOLE}, "climbs out"),
}
ODD = {
    "sixteen.png": encoded(Image.fromarray(exports.scene(30)[..., 0].astype(np.uint16) * 257), "PNG"),
    "cmyk.jpg": encoded(pillow(31).convert("CMYK"), "JPEG"),
    "animated.gif": encoded(pillow(33), "GIF", save_all=True, append_images=[pillow(34)]),
    "palette.png": encoded(pillow(35).convert("P"), "PNG"),
    "alpha.png": encoded(pillow(36).convert("RGBA"), "PNG"),
}
PLAIN = {
    "grey.jpg": encoded(pillow(32).convert("L"), "JPEG"),
    "progressive.jpg": encoded(pillow(37), "JPEG", progressive=True),
    "Schweißnaht 溶接 🔥.jpg": exports.jpeg(exports.scene(38)),
    f"{'long' * 50}.jpg": exports.jpeg(exports.scene(39)),
    "Twin.jpg": exports.jpeg(exports.scene(40)),
    "twin.jpg": exports.jpeg(exports.scene(41)),
}


def test_bad_images_are_quarantined_with_their_reason_and_good_ones_are_all_there(workspace):
    files = exports.voc()
    for more, _ in BAD.values():
        files |= more
    for name, data in (ODD | PLAIN).items():
        files |= pair(name, data)
    with zipfile.ZipFile(workspace.root / "linked.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        link = zipfile.ZipInfo("link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    rows, quarantine, summary = run(workspace, (workspace.root / "linked.zip").read_bytes())
    names = {row["name"] for row in rows}
    assert names == exports.PHOTOS.keys() | ODD.keys() | PLAIN.keys()
    assert quarantine.keys() == BAD.keys() | {"link.jpg"}
    for name, (_, reason) in BAD.items():
        assert reason in quarantine[name]
    assert quarantine["link.jpg"] == "a symbolic link"
    assert summary["quarantined"] == len(quarantine)
    assert summary["images"] == len(rows)
    assert set(report(workspace, "converted")) == ODD.keys()
    for row in rows:
        assert row["id"] == table.content_id(row["image"])
        assert decoded(row).shape == (row["height"], row["width"], 3)


def test_sixteen_bits_are_scaled_and_not_clipped(workspace):
    rows, _, _ = run(workspace, exports.voc() | pair("sixteen.png", ODD["sixteen.png"]))
    row = next(row for row in rows if row["name"] == "sixteen.png")
    assert np.abs(decoded(row)[..., 0].astype(int) - exports.scene(30)[..., 0]).mean() < 3


def test_a_plain_jpeg_keeps_its_picture_bit_for_bit_and_loses_its_metadata(workspace):
    exif = Image.Exif()
    exif[0x010E] = "where the welder lives"
    exif.get_ifd(0x8825)[1] = "N"
    marked = encoded(pillow(50), "JPEG", exif=exif, comment=b"a comment", icc_profile=b"profile" * 20, quality=91)
    rows, _, summary = run(workspace, exports.voc() | pair("marked.jpg", marked + b"trailing secrets"))
    row = next(row for row in rows if row["name"] == "marked.jpg")
    for secret in (b"welder", b"Exif", b"comment", b"profile", b"secrets"):
        assert secret in marked + b"trailing secrets"
        assert secret not in row["image"]
    original = cv2.imdecode(np.frombuffer(marked, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert np.array_equal(decoded(row), original)
    assert summary["converted"] == {}


@pytest.mark.parametrize("orientation", range(2, 9))
def test_orientation_is_applied_to_the_picture_and_to_boxes_drawn_as_it_is_stored(workspace, orientation):
    upright = np.full((60, 96, 3), 40, np.uint8)
    upright[10:20, 60:90] = 230  # the crack
    undo = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_90"}
    undo |= {7: "TRANSVERSE", 8: "ROTATE_270"}
    stored = Image.fromarray(upright).transpose(getattr(Image.Transpose, undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(stored, "JPEG", exif=exif, quality=95)
    box = ("Crack", 60, 10, 90, 20)
    if orientation > 4:  # drawn on the picture as it lies in the file
        ys, xs = np.nonzero(np.asarray(stored)[..., 0] > 128)
        box = ("Crack", xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
    rows, _, summary = run(workspace, pair("turned.jpg", data, [box], size=stored.size))
    (row,) = rows
    assert np.abs(decoded(row).astype(int) - upright).mean() < 4
    assert [row["boxes"][0][side] for side in ("xmin", "ymin", "xmax", "ymax")] == [60, 10, 90, 20]
    assert summary["converted"] == {f"turned upright (EXIF orientation {orientation})": 1}


def test_boxes_are_clipped_scaled_to_the_image_and_merged(workspace):
    boxes = [("Crack", -5, 10, 300, 20), ("cracks", -5, 10, 300, 20), ("Porosity", 50, 50, 50, 60)]
    files = pair("a.jpg", exports.jpeg(exports.scene(60)), boxes, size=(192, 192))
    (row,), _, _ = run(workspace, files)
    assert row["labels"] == ["Crack", "Porosity"]
    assert [tuple(box.values()) for box in row["boxes"]] == [
        ("Crack", 0, 5, 96, 10),
        ("Porosity", 24.5, 25, 25.5, 30),  # a line is a tiny pore that somebody's rounding has flattened
    ]


def test_identical_images_merge_and_conflicting_labels_follow_the_rule(workspace):
    data = exports.jpeg(exports.scene(70))
    files = exports.voc() | pair("b.jpg", data, [("Porosity", 5, 5, 9, 9)]) | pair("a.jpg", data)
    files |= pair("c.jpg", data, [("Background", 0, 0, 96, 96)])
    rows, quarantine, summary = run(workspace, files)
    (row,) = (row for row in rows if row["id"] == table.content_id(data))
    assert (row["name"], row["labels"]) == ("a.jpg", ["Crack", "Porosity"])
    assert {box["label"] for box in row["boxes"]} == {"Crack", "Porosity"}
    assert (summary["merged"], summary["conflicts"], quarantine) == (2, 1, {})
    lines = (workspace.report("ingest") / "conflicts.csv").read_text().splitlines()[1:]
    assert [line.split(",", 1)[1] for line in lines] == [
        "Crack; Porosity,a.jpg,Crack",
        "Crack; Porosity,b.jpg,Porosity",
        "Crack; Porosity,c.jpg,Background",
    ]


def test_images_annotated_with_nothing_are_background_when_the_config_says_so(workspace):
    files = exports.voc() | pair("none.jpg", exports.jpeg(exports.scene(71)), [])
    rows, quarantine, _ = run(workspace, files, unannotated="background")
    assert next(row["labels"] for row in rows if row["name"] == "none.jpg") == ["Background"]
    assert quarantine == {}


def test_crops_come_from_free_regions_of_welds_boxed_as_a_whole_and_share_their_parents_group(workspace, capsys):
    lone = b"<object><name>Crack</name></object></annotation>"
    seam = [("Good Welding", 8, 12, 88, 40)]
    files = exports.voc()  # spots, and a seam's piece
    files |= pair("full.jpg", exports.jpeg(exports.scene(72)), [("Good Welding", 0, 0, 96, 96)])
    files |= pair("wall.jpg", exports.jpeg(exports.scene(73)), [("Background", 0, 0, 5, 5)])
    files |= pair("half.jpg", exports.jpeg(exports.scene(74)), exports.xml(seam).replace(b"</annotation>", lone))
    files |= pair("good.jpg", exports.jpeg(exports.scene(75)), seam)
    files |= pair("both.jpg", exports.jpeg(exports.scene(76)), [("bad_weld", 10, 8, 36, 90), ("Crack", 14, 10, 30, 30)])
    files |= pair("copy.jpg", exports.jpeg(exports.scene(77)), seam)
    files |= pair("more.jpg", exports.jpeg(exports.scene(77)), exports.xml([]).replace(b"</annotation>", lone))
    rows, _, summary = run(workspace, files, background_crops=2)
    parents = {row["name"]: row for row in rows if row["source"] == "export"}
    crops = [row for row in rows if row["source"] == "crop"]
    assert {row["name"] for row in crops} == {"good.jpg", "both.jpg"}
    line = f"{len(crops)} Background crops of 8 photographs with boxes, cut only where boxes of Good Welding or "
    assert summary["background_crops"].startswith(line)
    assert f"ingest: {line}" in capsys.readouterr().out
    for crop in crops:
        parent = parents[crop["name"]]
        assert (crop["labels"], crop["group"], crop["boxes"]) == (["Background"], parent["group"], [])
        assert crop["width"] == crop["height"] == round(0.35 * exports.SIDE)
        picture = decoded(parent).astype(np.float32)
        for box in parent["boxes"]:
            left, top, right, bottom = (int(box[side]) for side in ("xmin", "ymin", "xmax", "ymax"))
            picture[top:bottom, left:right] = 1000  # so that no match can lie on a box
        distance = cv2.matchTemplate(picture, decoded(crop).astype(np.float32), cv2.TM_SQDIFF)
        assert distance.min() / crop["width"] ** 2 < 100


def test_curated_and_fed_back_images_join_the_export(workspace):
    exports.unpacked({"background/deep/wall.jpg": exports.jpeg(exports.scene(80))}, workspace.data)
    workspace.feedback.mkdir()
    images = [exports.jpeg(exports.scene(81)), b"broken", None]
    batch = {"image": images, "labels": [["cracks"], ["Crack"], ["Crack"]], "uploader": ["a", "b", "c"]}
    pq.write_table(pa.table(batch), workspace.feedback / "one.parquet")
    rows, quarantine, summary = run(workspace, exports.voc())
    assert summary["sources"] == {"background": 1, "export": 3, "feedback": 1}
    by_source = {row["source"]: row for row in rows}
    assert by_source["feedback"]["labels"] == ["Crack"]
    assert by_source["background"]["labels"] == ["Background"]
    assert set(quarantine) == {
        "feedback/one.parquet#000001",
        "feedback/one.parquet#000002",
    }


def worn(path: Path) -> None:
    """A batch whose picture has a flipped byte, in a Parquet file that is whole in all else."""
    pictures = {"image": [b"x" * 5000], "labels": [["Crack"]]}
    pq.write_table(pa.table(pictures), path, use_dictionary=False, compression="none", write_page_checksum=True)
    data = bytearray(path.read_bytes())
    data[data.index(b"x" * 5000) + 2500] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("damage", ["empty", "halved", "garbage", "other columns", "a flipped byte", "a folder"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_admitted_batch_that_is_damaged_stops_the_graph(workspace, monkeypatch, damage, workers):
    """Corrections that are lost must not thin the data without a word."""
    monkeypatch.setenv("WELDSPOT_WORKERS", workers)
    workspace.feedback.mkdir(parents=True)
    path = workspace.feedback / "20260501T120000-0123456789ab.parquet"
    if damage == "a flipped byte":
        worn(path)
    elif damage == "other columns":
        pq.write_table(pa.table({"picture": [b"x"]}), path)
    elif damage == "a folder":
        path.mkdir()
    else:
        pq.write_table(pa.table({"image": [exports.jpeg(exports.scene(81))], "labels": [["Crack"]]}), path)
        whole = path.read_bytes()
        path.write_bytes({"empty": b"", "halved": whole[: len(whole) // 2], "garbage": b"\xff\x00garbage"}[damage])
    with pytest.raises(WeldspotError, match=rf"^{path}: damaged \([^\n]+\); restore it: `dvc checkout data.dvc`$"):
        run(workspace, exports.voc())
    assert not workspace.artifact("ingest").exists()


@pytest.mark.parametrize("what", ["feedback/new.parquet", "background/old.jpg"])
def test_what_comes_in_while_it_reads_stops_it_since_dvc_would_take_it_for_read(workspace, monkeypatch, what):
    exports.unpacked({"background/old.jpg": exports.jpeg(exports.scene(80))}, workspace.data)
    judge = ingest.Counts.judge

    def meanwhile(*args):
        exports.unpacked({what: exports.jpeg(exports.scene(81))}, workspace.data)
        judge(*args)

    monkeypatch.setattr(ingest.Counts, "judge", meanwhile)
    with pytest.raises(WeldspotError, match=rf"data/{what}: changed while ingest was reading; run `dvc repro` again"):
        run(workspace, exports.voc())
    assert not workspace.artifact("ingest").exists()
    monkeypatch.undo()
    exports.unpacked({"background/wall.jpg": exports.jpeg(exports.scene(82))}, workspace.data)
    shutil.rmtree(workspace.feedback, ignore_errors=True)
    run(workspace, exports.voc())


def test_a_photograph_is_as_old_as_its_batch_came_first_whatever_the_batches_are_called(workspace):
    workspace.feedback.mkdir(parents=True)
    resent = exports.voc()
    old = next(name for name in resent if name.endswith(".jpg"))
    for name, seeds in (("20260501-late", [81, 82]), ("20260502-early", [81, 83])):
        images = [exports.jpeg(exports.scene(seed)) for seed in seeds] + [resent[old]]
        batch = {"image": images, "labels": [["Crack"]] * len(images)}
        pq.write_table(pa.table(batch), workspace.feedback / f"{name}.parquet")
    arrival = Arrival(batches=["20260502-early.parquet", "20260501-late.parquet"])
    (workspace.feedback / "arrival.json").write_bytes(arrival.json_bytes())
    rows, _, _ = run(workspace, resent)
    ages = sorted(row["age"] for row in rows)
    assert ages == [0] * len(exports.PHOTOS) + [1, 1, 2], "in the export; in the first to come; only in the later one"


def test_one_and_two_workers_and_any_order_of_the_zip_give_the_same_bytes(workspace, monkeypatch):
    files = exports.voc()
    for seed in range(100, 180):
        files |= pair(f"p{seed}.jpg", exports.jpeg(exports.scene(seed)), [("Good Welding", 8, 8, 88, 40)])
    files |= pair("zero.jpg", b"")

    def outputs():
        folders = workspace.artifact("ingest"), workspace.report("ingest")
        return {path: path.read_bytes() for folder in folders for path in folder.iterdir()}

    run(workspace, files, background_crops=1, shard_rows=50)
    once = outputs()
    shutil.rmtree(workspace.artifact("ingest").parent)
    monkeypatch.setenv("WELDSPOT_WORKERS", "2")
    run(workspace, dict(reversed(files.items())), background_crops=1, shard_rows=50)
    assert outputs() == once
    assert len(table.shards(workspace.artifact("ingest"))) == 4
    assert not workspace.ingesting.exists()


def test_when_nothing_can_be_used_it_says_where_the_reasons_are(workspace):
    with pytest.raises(WeldspotError, match=r"^in\.zip: no usable image; .*reports/ingest/quarantine\.csv"):
        run(workspace, pair("zero.jpg", b""))
    assert report(workspace, "quarantine") == {"zero.jpg": "zero bytes"}
    assert not workspace.artifact("ingest").exists()


def test_before_fetch_it_says_what_to_run(workspace):
    with pytest.raises(WeldspotError, match=r"export\.zip: no such file; run `dvc repro fetch` first"):
        ingest.main(workspace, exports.params(name="folder").select(ingest.Params))
    assert not workspace.ingesting.exists()


def test_one_box_of_an_unknown_class_does_not_cost_the_image_its_others(workspace, capsys):
    boxes = [("Surface_pores", 8, 8, 20, 20), ("undercut", 40, 40, 60, 60)]
    files = exports.voc() | pair("a.jpg", exports.jpeg(exports.scene(61)), boxes)
    aliases = {"surface pores": "Porosity"}
    rows, quarantine, summary = run(workspace, files, aliases=aliases, background_crops=1)
    (row,) = (row for row in rows if row["name"] == "a.jpg")
    assert row["labels"] == ["Porosity"], "and no crop: what is left out may be a weld"
    assert [box["label"] for box in row["boxes"]] == ["Porosity"]
    assert (quarantine, summary["dropped_classes"]) == ({}, {"undercut": 1})
    assert report(workspace, "dropped") == {"a.jpg": "undercut"}
    assert "'undercut' on 1" in capsys.readouterr().out
    _, quarantine, _ = run(workspace, files, aliases=aliases, unknown_classes="quarantine")
    assert quarantine == {"a.jpg": "unknown class 'undercut'"}


def test_boxes_with_swapped_corners_are_put_in_order(workspace):
    (row,), _, _ = run(workspace, pair("a.jpg", exports.jpeg(exports.scene(62)), [("Crack", 40, 30, 8, 10)]))
    assert [tuple(box.values()) for box in row["boxes"]] == [("Crack", 8, 10, 40, 30)]


def test_no_crop_is_cut_where_an_object_has_no_box(workspace):
    bead = [("Good Welding", 4, 60, 92, 76)]
    xml = exports.xml(bead).replace(b"</annotation>", b"<object><name>Crack</name></object></annotation>")
    data = exports.jpeg(exports.scene(63))
    rows, _, _ = run(workspace, pair("a.jpg", data, xml), background_crops=1)
    assert [row["source"] for row in rows] == ["export"]
    rows, _, _ = run(workspace, pair("a.jpg", data, xml) | pair("b.jpg", data, bead), background_crops=1)
    assert [row["source"] for row in rows] == ["export"], "its twin, which is whole, does not know of the other crack"
    rows, _, _ = run(workspace, pair("b.jpg", data, bead), background_crops=1)
    assert [row["source"] for row in rows].count("crop") == 1


def test_an_annotation_of_a_picture_of_another_shape_is_quarantined(workspace):
    files = exports.voc() | pair("a.jpg", exports.jpeg(exports.scene(64)), size=(640, 480))
    _, quarantine, _ = run(workspace, files)
    assert quarantine == {"a.jpg": "annotated on a picture of 640 x 480 pixels, this one has 96 x 96: another shape"}


def test_more_in_quarantine_than_is_allowed_is_an_error_that_leaves_its_reports(workspace):
    files = exports.class_folders(exports.PHOTOS | exports.MORE)
    files = {name.replace("/Porosity/", "/undercut/"): data for name, data in files.items()}
    files |= {f"train/no_defect/{i}.jpg": exports.jpeg(exports.scene(200 + i)) for i in range(4)}
    with pytest.raises(WeldspotError, match=r"^in\.zip: 5 of 34 \(15%\) are quarantined, more than .*'no_defect'"):
        run(workspace, files, max_quarantined=0.1)
    assert len(report(workspace, "quarantine")) == 5
    assert (workspace.report("ingest") / "quarantined.jpg").exists()
    assert not workspace.artifact("ingest").exists()
    rows, _, _ = run(
        workspace, files, max_quarantined=0.1, aliases={"no defect": "Good Welding", "undercut": "Bad Welding"}
    )
    assert len(rows) == 34


def test_every_file_is_in_the_table_in_quarantine_or_passed_over(workspace):
    files = exports.voc(exports.PHOTOS | exports.MORE)
    files |= {"a.jp2": b"x", "b": exports.jpeg(exports.scene(65)), ".c.jpg": b"x", "d.mp4": b"x"}
    exports.unpacked(
        {"background/wall.heif": b"x", "background/.wall.jpg": b"x", "background/n.txt": b"x"}, workspace.data
    )
    rows, quarantine, _ = run(workspace, files)
    assert quarantine.keys() == {"a.jp2", "b", "background/wall.heif"}
    passed_over = report(workspace, "passed_over")
    assert passed_over.keys() == {".c.jpg", "d.mp4", "README.dataset.txt", "background/.wall.jpg", "background/n.txt"}
    assert {row["name"] for row in rows} == {name for name in files if name.endswith(".jpg") and name != ".c.jpg"}


def test_without_classes_to_cut_background_from_that_is_said(workspace):
    (workspace.root / "in.zip").write_bytes(exports.zipped(exports.voc()))
    params = exports.params(name="folder", path="in.zip")
    fetch.main(workspace, params.select(fetch.Params))
    labels = params.labels.model_copy(update={"background_crops_from": []})
    ingest.main(
        workspace, ingest.Params(labels=labels, ingest=params.ingest.model_copy(update={"max_quarantined": 1.0}))
    )
    summary = json.loads((workspace.report("ingest") / "summary.json").read_text())
    assert summary["background_crops"] == "no Background crops: labels.background_crops_from names no class"
    assert "crop" not in summary["sources"]
