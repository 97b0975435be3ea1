"""The beginning of an XML file: what it is and which image it speaks of, read by the parser that reads all of it."""

from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import iterparse

_LENGTH = 8192


@dataclass(frozen=True)
class Head:
    """`root`: the name of the outermost element, "" where none can be read; `filename`: VOC's, "" without one."""

    root: str = ""
    filename: str = ""


def head(data: bytes) -> Head:
    """Looks at the beginning of a file, cut off anywhere."""
    root: Element | None = None
    filename = ""
    try:
        for event, element in iterparse(BytesIO(data[:_LENGTH]), ("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            if event == "end" and element.tag == "filename":
                filename = element.text or ""
                break
    except (ParseError, ValueError, LookupError):  # cut off, or not XML; defusedxml's errors are ValueErrors
        pass
    return Head() if root is None else Head(str(root.tag).rpartition("}")[2], filename.strip())
