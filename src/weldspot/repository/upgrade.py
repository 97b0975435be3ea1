"""`weldspot upgrade`: a repository brought up to the weldspot that is installed."""

from pathlib import Path

from weldspot.repository import code, contents, requirement
from weldspot.repository.graph import CODE_FILE
from weldspot.runtime import atomic
from weldspot.runtime.errors import WeldspotError

ASIDE = ".weldspot/upgrade"  # ignored by git


def upgrade(root: Path) -> None:
    """Writes weldspot.yaml anew, and the files that came with it where nobody has changed them; tells what it did."""
    there = _recorded(root)
    files = contents.kept_up()
    here = code.installed(files)
    for name, content in files.items():
        path = root / name
        now = path.read_bytes() if path.exists() else None
        if now == content:
            continue
        if now is None or code.digest(now) == there.files.get(name):
            atomic.write_bytes(path, content)
            path.chmod(0o755 if name in contents.EXECUTED else 0o644)
            print(f"upgrade: {name}: as weldspot {here.version} has it")
        elif here.files[name] != there.files.get(name):
            atomic.write_bytes(root / ASIDE / name, content)
            print(f"upgrade: {name} was changed here and stays; the new one is {ASIDE}/{name}: merge what you need")
    changed = code.changes(there, here)
    if there != here:
        atomic.write_bytes(root / CODE_FILE, here.text().encode())
    _require(root)
    print(f"upgrade: weldspot {here.version}: {_told(changed)}")


def check(root: Path) -> None:
    """Raises WeldspotError where weldspot.yaml does not name the code that is installed."""
    there = _recorded(root)
    here = code.installed({})
    if changed := code.changes(there, here):
        raise WeldspotError(f"{root / CODE_FILE}: {code.difference(there, here, changed)}")
    print(f"upgrade: weldspot {here.version} is the one that {CODE_FILE} names")


def _recorded(root: Path) -> code.Code:
    there = code.recorded(root)
    if there is None:
        raise WeldspotError(f"{root / CODE_FILE}: no such file; `weldspot new` makes repositories that have one")
    return there


def _require(root: Path) -> None:
    """requirements.txt names the installed one; a line that its owner wrote otherwise is named, not replaced."""
    path = root / "requirements.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    wanted = requirement.requirement()
    if wanted in lines:
        return
    ours = [line for line in lines if line.replace(" ", "").startswith(("weldspot==", "weldspot@"))]
    if len(ours) == 1 and requirement.from_an_index(ours[0]) == requirement.from_an_index(wanted):
        atomic.write_bytes(path, "".join(f"{wanted if line == ours[0] else line}\n" for line in lines).encode())
        print(f"upgrade: requirements.txt: {wanted}")
    else:
        print(f"upgrade: requirements.txt does not name what is installed ({wanted}): see to it")


def _told(changed: list[str]) -> str:
    if not changed:
        return "no stage's code differs from what it was"
    return f"{', '.join(changed)} differ from what they were: `dvc repro` runs what depends on them; commit {CODE_FILE}"
