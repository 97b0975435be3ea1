"""Small zips that cost a careless reader hours or all memory; each has one file in it that is not what it seems."""

import gzip
import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Callable

import google_crc32c
import pyarrow as pa
import pyarrow.parquet as pq
import writers

PHOTOS = writers.photos(12)
Files = dict[str, bytes]
NAMES = writers.NAMES


def _zip(files: Files, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _repeated(
    name: str, head: bytes, piece: bytes, times: int, tail: bytes = b"", beside: Files | None = None
) -> bytes:
    """A zip with one large member, which never is in memory."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, data in (writers.pictures(PHOTOS) if beside is None else beside).items():
            archive.writestr(other, data)
        block = max(1, (1 << 20) // len(piece))
        with archive.open(name, "w", force_zip64=True) as member:
            member.write(head)
            for _ in range(times // block):
                member.write(piece * block)
            member.write(piece * (times % block) + tail)
    return stream.getvalue()


def yaml_aliases(share: float) -> bytes:
    """Nine lists, each nine times the one before."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 2 + int(8 * share))]
    return _zip(writers.yolo(PHOTOS) | {"data.yaml": "\n".join([*lines, f"names: *a{len(lines) - 1}"]).encode()})


def yaml_dates(_: float) -> bytes:
    return _zip(writers.yolo(PHOTOS) | {"data.yaml": b"made: 2001-99-99\nnames: [Crack]\n"})


def yaml_keys(share: float) -> bytes:
    """Many keys, which are compared with each other."""
    keys = "\n".join(f"k{n}: 1" for n in range(int(80_000 * share)))
    return _zip(writers.yolo(PHOTOS) | {"data.yaml": f"{keys}\nnames: [Crack]\n".encode()})


def yaml_nested(share: float) -> bytes:
    return _zip(writers.yolo(PHOTOS) | {"data.yaml": b"names: " + b"[" * int(100_000 * share)})


def yaml_numbers(share: float) -> bytes:
    """Numbers to the base of 60 and of very many digits."""
    long = b"1" * int(400_000 * share)
    return _zip(writers.yolo(PHOTOS) | {"data.yaml": b"a: " + long + b"\nb: 1" + b":59" * 9000 + b"\nnames: [Crack]\n"})


def yaml_class_number(_: float) -> bytes:
    return _zip(writers.yolo(PHOTOS) | {"data.yaml": b"names: {" + b"9" * 5000 + b": Crack}\n"})


def yaml_hexadecimal(_: float) -> bytes:
    """Numbers that Python reads and can't write."""
    number = b"0x" + b"f" * 6000
    return _zip(writers.yolo(PHOTOS) | {"data.yaml": b"path: " + number + b"\nnames: [" + number + b"]\n"})


def yaml_tags(share: float) -> bytes:
    """Abbreviations, which the parser compares with each other."""
    tags = b"".join(b"%%TAG !a%d! t\n" % n for n in range(int(60_000 * share)))
    return _zip(writers.yolo(PHOTOS) | {"data.yaml": tags + b"---\nnames: [Crack]\n"})


def readme_of_blank_lines(share: float) -> bytes:
    return _zip(writers.voc(PHOTOS) | {"README.dataset.txt": b"\n" * int(1_000_000 * share)})


def licence_of_spaces(share: float) -> bytes:
    return _zip(writers.voc(PHOTOS) | {"README.txt": b"licence : " + b" " * int(1_000_000 * share) + b"\nx"})


def card_of_blank_lines(share: float) -> bytes:
    table = "file_name,label\n" + "".join(f"{name},{n % 6}\n" for n, name in enumerate(PHOTOS))
    card = b"---\n" + b"\n" * int(1_000_000 * share)
    return _zip(writers.pictures(PHOTOS) | {"labels.csv": table.encode(), "README.md": card})


def card_of_aliases(share: float) -> bytes:
    table = "file_name,label\n" + "".join(f"{name},{n % 6}\n" for n, name in enumerate(PHOTOS))
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 2 + int(8 * share))]
    card = "---\n" + "\n".join(lines) + "\n---\n"
    return _zip(writers.pictures(PHOTOS) | {"labels.csv": table.encode(), "README.md": card.encode()})


def rows_of_csv(share: float) -> bytes:
    name = next(iter(PHOTOS))
    return _repeated("labels.csv", b"filename,label\n", f"{name},Crack\n".encode(), int(15_000_000 * share))


def names_of_csv(share: float) -> bytes:
    """Rows of photographs that are not there, each with a name of its own."""
    rows = b"".join(b"%d.jpg,Crack\n" % n for n in range(100_000))
    return _repeated("labels.csv", b"filename,label\n", rows, int(60 * share))


def empty_rows_of_csv(share: float) -> bytes:
    return _repeated("labels.csv", b"filename,label\n", b"\n", int(250_000_000 * share))


def one_line_of_csv(share: float) -> bytes:
    return _repeated("labels.csv", b"filename,label\n", b"x" * 1000, int(400_000 * share))


def columns_of_csv(share: float) -> bytes:
    head = b"filename,label" + b",c" * int(2_000_000 * share) + b"\n"
    return _repeated("labels.csv", head, b"a.jpg,Crack\n", 100)


def rows_of_json_lines(share: float) -> bytes:
    return _repeated("metadata.jsonl", b"", b'{"file_name": "a.jpg", "label": "Crack"}\n', int(6_000_000 * share))


def rows_of_parquet(share: float) -> bytes:
    rows, stream = int(60_000_000 * share), io.BytesIO()
    at_once = min(rows, 1_000_000)
    codes = pa.Array.from_buffers(pa.int32(), at_once, [None, pa.py_buffer(bytes(4 * at_once))])
    column = pa.DictionaryArray.from_arrays(codes, pa.array([next(iter(PHOTOS))]))
    label = pa.DictionaryArray.from_arrays(codes, pa.array(["Crack"]))
    batch = pa.table({"file_name": column, "label": label})
    with pq.ParquetWriter(stream, batch.schema) as writer:
        for _ in range(rows // at_once):
            writer.write_table(batch)
    return _zip(writers.pictures(PHOTOS) | {"labels.parquet": stream.getvalue()})


def page_of_parquet(share: float) -> bytes:
    """One page that holds a gigabyte of zeros."""
    stream = io.BytesIO()
    text = pa.array(["x" * 1000]).dictionary_encode()
    codes = pa.Array.from_buffers(
        pa.int32(), int(1_000_000 * share), [None, pa.py_buffer(bytes(int(4_000_000 * share)))]
    )
    column = pa.DictionaryArray.from_arrays(codes, text.dictionary).cast(pa.string())
    table = pa.table({"file_name": column, "label": column})
    pq.write_table(table, stream, use_dictionary=False, compression="zstd", data_page_size=1 << 30)
    return _zip(writers.pictures(PHOTOS) | {"labels.parquet": stream.getvalue()})


def elements_of_coco(share: float) -> bytes:
    head = b'{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "Crack"}], "annotations": ['
    one = b'{"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2]},'
    return _repeated("coco.json", head, one, int(6_000_000 * share), one[:-1] + b"]}")


def lists_in_json(share: float) -> bytes:
    head = b'{"images": [], "categories": [], "annotations": [{"image_id": 1, "category_id": ['
    return _repeated("coco.json", head, b"[],", int(40_000_000 * share), b"[]]}]}")


def nested_json(share: float) -> bytes:
    return _repeated("coco.json", b'{"images": [], "annotations": [', b"[", int(100_000_000 * share))


def nested_xml(share: float) -> bytes:
    return _repeated("annotations.xml", b"<annotations><image name='a.jpg'>", b"<box>", int(20_000_000 * share))


def elements_of_xml(share: float) -> bytes:
    one = b"<box label='Crack' xtl='1' ytl='1' xbr='2' ybr='2'/>"
    return _repeated("annotations.xml", b"<annotations><image name='a.jpg'>", one, int(4_000_000 * share))


def images_of_xml(share: float) -> bytes:
    return _repeated("annotations.xml", b"<annotations>", b"<image name='a.jpg'/>", int(10_000_000 * share))


def attribute_of_xml(share: float) -> bytes:
    return _repeated("annotations.xml", b"<annotations><image name='", b"x" * 1000, int(250_000 * share))


def elements_of_voc(share: float) -> bytes:
    notes = writers.voc(PHOTOS)
    name = next(name for name in notes if name.endswith(".xml"))
    del notes[name]
    return _repeated(name, b"<annotation>", b"<a/>", int(2_000_000 * share), b"</annotation>", notes)


def lines_of_yolo(share: float) -> bytes:
    notes = writers.yolo(PHOTOS)
    name = next(name for name in notes if name.endswith(".txt"))
    del notes[name]
    return _repeated(name, b"", b"0 0 0 1 1\n", int(800_000 * share), b"", notes)


def members_over_each_other(share: float) -> bytes:
    """A zip whose table names one member's bytes under many names (Fifield, 2019)."""
    stream = io.BytesIO()
    large = zipfile.ZipInfo("a/00000.jpg")
    large.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(large, bytes(int(100_000_000 * share)))
    with zipfile.ZipFile(stream, "a") as archive:
        first = archive.filelist[0]
        for number in range(1, 2000):
            other = zipfile.ZipInfo(f"a/{number:05}.jpg")
            for slot in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "flag_bits"):
                setattr(other, slot, getattr(first, slot))
            archive.filelist.append(other)
        archive._didModify = True
    return stream.getvalue()


def deep_names(share: float) -> bytes:
    return _zip(writers.voc(PHOTOS) | {"a/" * 30_000 + f"{n}.jpg": b"" for n in range(max(1, int(60 * share)))})


def many_names(share: float) -> bytes:
    return _zip(writers.voc(PHOTOS) | {f"n/{n}": b"" for n in range(int(40_000 * share))})


def tar_of_zeros(share: float) -> bytes:
    """A gzip of a tar that is a thousand times as large, in a zip."""
    inner = io.BytesIO()
    with gzip.GzipFile(fileobj=inner, mode="wb") as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for number in range(40):
            info = tarfile.TarInfo(f"{number}.jpg")
            info.size = int(200_000_000 * share)
            tar.addfile(info, _Zeros())
    return _zip({"all.tar.gz": inner.getvalue()})


def tar_of_headers(share: float) -> bytes:
    """A name of a gigabyte, as a tar may have."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, int(2_000_000_000 * share)
    inner = io.BytesIO()
    with gzip.GzipFile(fileobj=inner, mode="wb") as packed:
        packed.write(info.tobuf(tarfile.GNU_FORMAT))
        for _ in range(info.size >> 20):
            packed.write(b"a" * (1 << 20))
    return _zip({"all.tar.gz": inner.getvalue()})


def numbers_of_tfrecord(share: float) -> bytes:
    """One record with a list of very many small numbers."""

    def field(number: int, data: bytes) -> bytes:
        length, coded = len(data), b""
        while length >= 128:
            coded, length = coded + bytes([length & 127 | 128]), length >> 7
        return bytes([number << 3 | 2]) + coded + bytes([length]) + data

    feature = field(3, field(1, b"\1" * int(200_000_000 * share)))
    record = field(1, field(1, field(1, b"n") + field(2, feature)))

    def masked(data: bytes) -> bytes:
        crc = google_crc32c.value(data)
        return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)

    head = struct.pack("<Q", len(record))
    return _zip({"a.tfrecord": head + masked(head) + record + masked(record)})


def python_literal(share: float) -> bytes:
    """A cell that is read as Python writes a list."""
    cell = json.dumps("[" * int(90_000 * share)).replace('"', "")
    return _zip(writers.pictures(PHOTOS) | {"metadata.csv": f'file_name,objects\na.jpg,"{cell}"\n'.encode()})


class _Zeros(io.RawIOBase):
    def read(self, size: int = -1) -> bytes:
        return bytes(size)


BOMBS: dict[str, Callable[[float], bytes]] = {
    made.__name__: made
    for made in (
        yaml_aliases, yaml_dates, yaml_keys, yaml_nested, yaml_numbers, yaml_class_number, yaml_hexadecimal,
        yaml_tags, readme_of_blank_lines, licence_of_spaces, card_of_blank_lines, card_of_aliases, rows_of_csv,
        names_of_csv, empty_rows_of_csv, one_line_of_csv, columns_of_csv, rows_of_json_lines, rows_of_parquet,
        page_of_parquet, elements_of_coco, lists_in_json, nested_json, nested_xml, elements_of_xml,
        images_of_xml, attribute_of_xml, elements_of_voc, lines_of_yolo, members_over_each_other, deep_names,
        many_names, tar_of_zeros, tar_of_headers, numbers_of_tfrecord, python_literal,
    )
}  # fmt: skip
