"""The beginning of an XML file, through the parser's eyes and not as bytes."""

import pytest

from weldspot.sources.layouts.xml_files.voc_heads import Head, head

LONG = "<annotation><filename>a.jpg</filename>" + "<object/>" * 5000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<annotation><folder/><filename> a.jpg </filename></annotation>", Head("annotation", "a.jpg")),
        ("<?xml version='1.0'?><!-- <annotation> --><annotations><image/></annotations>", Head("annotations")),
        ("<v:annotation xmlns:v='x'/>", Head("annotation")),
        (LONG, Head("annotation", "a.jpg")),
        ("<annotation><object>", Head("annotation")),
        ("", Head()),
        ("nothing of the kind", Head()),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><annotation/>", Head()),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_root_and_filename(text: str, expected: Head, encoding: str) -> None:
    assert head(text.encode(encoding)) == expected
