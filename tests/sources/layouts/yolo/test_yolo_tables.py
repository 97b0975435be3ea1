"""Each data.yaml holds for its own files; two that claim one file, and one that can't be read, are errors."""

import exports
import pytest
from exports import refused

ONE, OTHER = b"names: [Crack, Porosity]", b"names: [Porosity, Crack]"
LABEL = b"0 .5 .5 .2 .2\n"


def plant(name: str, table: bytes | None, where: str = "data.yaml") -> dict[str, bytes]:
    files = {f"{name}/train/images/{name}{i}.jpg": b"x" for i in range(3)}
    files |= {f"{name}/train/labels/{name}{i}.txt": LABEL for i in range(3)}
    return files | ({f"{name}/{where}": table} if table is not None else {})


def shown(tmp_path, files: dict[str, bytes]) -> dict[str, set[str]]:
    return {name[0]: labels for name, labels in exports.labels(tmp_path / "in.zip", files).items()}


@pytest.mark.parametrize(
    "line", [b"\ntrain: ../train/images\n", b"\npath: C:\\data\\welds\ntrain: images\\train\n", b""]
)
def test_each_table_holds_for_what_lies_under_it(tmp_path, line):
    files = plant("a", ONE + line) | plant("b", OTHER + line)
    assert shown(tmp_path, files) == {"a": {"Crack"}, "b": {"Porosity"}}


def test_a_table_in_a_folder_of_its_own_holds_for_what_it_leads_to(tmp_path):
    beside = plant("a", ONE, "config/data.yaml") | plant("b", OTHER, "config/data.yaml")
    assert shown(tmp_path, beside) == {"a": {"Crack"}, "b": {"Porosity"}}
    leading = plant("a", None) | plant("b", None)
    leading |= {
        "a.yaml/data.yaml": ONE + b"\ntrain: ../a/train/images",
        "b.yaml/data.yaml": OTHER + b"\npath: ../b\ntrain: train",
    }
    assert "both claim" in refused(tmp_path, leading), "what lies beside them is all of it"
    deep = {f"set/{name}": data for name, data in plant("a", None).items()}
    deep |= {"conf/yolo/data.yaml": ONE + b"\npath: ../../set\ntrain: [a/train/images]\nval: a/train/images"}
    assert shown(tmp_path, deep) == {"a": {"Crack"}}


@pytest.mark.parametrize(
    "files",
    [
        plant("a", ONE) | {"data.yaml": OTHER},
        plant("a", ONE) | {"a/train/dataset.yaml": OTHER},
        plant("a", ONE) | {"a/data.yml": OTHER},
        plant("a", ONE) | {"a/config/data.yaml": OTHER},
        plant("a", ONE) | plant("b", OTHER) | {"b/data.yaml": OTHER + b"\ntrain: ../a/train/images\nval: [train]"},
    ],
)
def test_two_that_claim_one_file_and_differ_are_an_error(tmp_path, files):
    assert "both claim a/train/labels/a0.txt and name other classes; keep one of them" in refused(tmp_path, files)


@pytest.mark.parametrize(
    "lead",
    [
        "train: {0}/train/images", "train: [{0}/train/images, {0}/valid]", "path: {0}\ntrain: train/images",
        "path: /home/me/sets/{0}\ntrain: train/images", "train: /mnt/d/sets/{0}/train/images",
        "path: 'D:\\sets\\{0}'\ntrain: train\\images", "train: C:/Users/Me/{0}/train/images", "train: lists/{0}.txt",
        "path: /content\ntrain: /content/lists/{0}.txt", "path: ../../elsewhere/{0}\ntrain: train",
    ],
)  # fmt: skip
def test_two_tables_in_one_folder_hold_for_what_each_leads_to(tmp_path, lead):
    files = plant("a", None) | plant("b", None)
    for name, table in (("a", ONE), ("b", OTHER)):
        files[f"{name}.yaml"] = table + b"\n" + lead.format(name).encode()
        lines = [f"D:\\sets\\{name}\\train\\images\\{name}{i}.jpg" for i in range(3)]
        files[f"lists/{name}.txt"] = "\r\n".join(lines).encode("utf-16")
    assert shown(tmp_path, files) == {"a": {"Crack"}, "b": {"Porosity"}}


def test_a_list_of_images_may_be_relative_to_itself_or_to_the_table(tmp_path):
    for line in (
        "./train/images/a0.jpg",
        "train/images/a0.jpg",
        "/data/a/train/images/a0.jpg",
        "a/train/images/a0.jpg",
    ):
        files = plant("a", None) | {"conf/deep/x.yaml": ONE + b"\npath: ../../a\ntrain: train.txt"}
        assert shown(tmp_path, files | {"a/train.txt": line.encode()}) == {"a": {"Crack"}}, line


@pytest.mark.parametrize("names", ["{'0': Crack, '1': Porosity}", "{0: Crack, 1: Porosity}", "[Crack, Porosity]"])
def test_names_as_a_list_or_a_mapping_of_any_keys(tmp_path, names):
    assert shown(tmp_path, plant("a", f"nc: 2\nnames: {names}".encode())) == {"a": {"Crack"}}


def test_two_that_say_the_same_are_none(tmp_path):
    files = plant("a", ONE) | {"data.yaml": b"names: {0: crack, 1: POROSITY}\nnc: 2"}
    assert shown(tmp_path, files) == {"a": {"Crack"}}


def test_labels_that_no_table_holds_for_are_an_error(tmp_path):
    files = plant("a", None) | plant("b", OTHER)
    assert "no data.yaml names the classes of a/train/labels/a0.txt" in refused(tmp_path, files)
    files |= {"a/classes.txt": b"Crack\nPorosity\n"}
    assert "no data.yaml names the classes of a/train/labels/a0.txt" in refused(tmp_path, files)


@pytest.mark.parametrize("name", ["classes.txt", "obj.names"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_without_any_table_a_list_of_classes_is_one(tmp_path, name, encoding):
    files = plant("a", None) | {f"a/{name}": "Crack\r\nPorosity\r\n".encode(encoding)}
    assert shown(tmp_path, files) == {"a": {"Crack"}}
    assert "no data.yaml names the classes" in refused(tmp_path, plant("a", None) | {"a/classes.txt": b""})


def test_an_empty_list_of_classes_is_no_table_where_there_are_no_labels(tmp_path):
    files = {"Crack/1.jpg": b"x", "Porosity/2.jpg": b"x", "classes.txt": b""}
    assert exports.read(tmp_path / "in.zip", files)[0] == "class_folders"


def test_keypoints_are_refused_by_name(tmp_path):
    assert "keypoints (kpt_shape), YOLO's pose" in refused(tmp_path, plant("a", ONE + b"\nkpt_shape: [17, 3]"))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b'path: "C:\\data\\welds"\nnames: [Crack]', "can't be read"),
        (b"names: Crack, Porosity", "`names` is neither a list"),
        (b"names: {Crack: 0}", "`names` is neither a list"),
        (b"nc: 2", "`names` is neither a list"),
        (b"names: []", "`names` is neither a list"),
        (b"- Crack", "`names` is neither a list"),
        (b"", "`names` is neither a list"),
        (b"names: [Crack]\nnames: [Porosity]", "the key 'names' stands twice"),
        (b"names: {0: Crack, 0: Porosity}", "the key '0' stands twice"),
        (b"nc: 3\nnames: [Crack, Porosity]", "nc is 3, but `names` has 2 classes"),
        (b"names: [\xe9]", "can't be read"),
    ],
)
@pytest.mark.parametrize("folder", ["Crack", "a"])
def test_a_table_that_can_not_be_read_is_an_error_and_never_another_layout(tmp_path, table, words, folder):
    files = plant(folder, table) | {f"Porosity/images/{folder}9.jpg": b"x", f"Porosity/labels/{folder}9.txt": LABEL}
    assert words in (said := refused(tmp_path, files))
    assert "data.yaml" in said


def test_a_table_without_any_label_is_an_error(tmp_path):
    files = {"Crack/1.jpg": b"x", "Porosity/2.jpg": b"x", "data.yaml": ONE}
    assert "data.yaml names classes, but no image has a label file" in refused(tmp_path, files)


@pytest.mark.parametrize("name", ["welds.yaml", "DATA.YAML"])
def test_a_table_of_another_name_is_one(tmp_path, name):
    assert shown(tmp_path, plant("a", ONE, name)) == {"a": {"Crack"}}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_table_in_any_unicode(tmp_path, encoding):
    assert shown(tmp_path, plant("a", ONE.decode().encode(encoding))) == {"a": {"Crack"}}


def test_darknets_names_are_read_whatever_they_are_called(tmp_path):
    files = plant("a", None) | {"a/helmets.names": b"Crack\nPorosity\n", "a/helmets.data": b"classes=2"}
    assert shown(tmp_path, files) == {"a": {"Crack"}}
    assert shown(tmp_path, files | {"a/obj.names": b"Porosity\nCrack\n"}) == {"a": {"Porosity"}}, "CVAT's goes first"
    assert "both claim" in refused(tmp_path, files | {"a/coco.names": b"Porosity\nCrack\n"})


def test_roboflows_darknet_export_names_its_classes_in_each_folder(tmp_path):
    files = {}
    for split in ("train", "valid", "test"):
        files[f"{split}/_darknet.labels"] = b"Crack\nPorosity"
        files |= {f"{split}/{split}{i}_jpg.rf.0{i}.jpg": b"x" for i in range(3)}
        files |= {f"{split}/{split}{i}_jpg.rf.0{i}.txt": LABEL for i in range(3)}
    assert set().union(*exports.labels(tmp_path / "in.zip", files).values()) == {"Crack"}
    assert "both claim" not in str(exports.passed_over(tmp_path / "in.zip", files))
