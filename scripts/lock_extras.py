"""Give each package that a lock file names with extras a line without them, and one for each extra.

With hashes, pip 23 (the one that Python 3.11 and 3.12 bring) asks for `pandas` and `pandas[parquet]` apart, and refuses
the one that has no line as a requirement without a version. Run as `python scripts/lock_extras.py LOCK`.
"""

import re
import sys
from pathlib import Path

ENTRY = re.compile(r"^(?P<name>[\w.-]+)(?:\[(?P<extras>[^]]+)\])?(?P<pin>==.*\n(?:\s.*\n)*)", re.MULTILINE)


def with_lines_for_extras(lock: str) -> str:
    """The lock file's text, whose last line ends; running it twice changes nothing."""
    lines = {}
    for entry in ENTRY.finditer(lock):
        for extra in ["", *(entry["extras"] or "").replace(" ", "").split(",")]:
            name = f"{entry['name']}[{extra}]" if extra else entry["name"]
            lines[name] = lines.get(name, name + entry["pin"])
    return "".join(lines.values())


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(with_lines_for_extras(path.read_text()))
