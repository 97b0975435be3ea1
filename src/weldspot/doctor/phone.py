"""The phone app: built here by Node, or come with the package; Chromium for its tests."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from weldspot import shipped
from weldspot.doctor.finding import Finding, ok, warning

NODE = 20
BROWSERS = ("chromium", "chromium-browser", "google-chrome")  # as scripts/chromium.sh has them


def examine(root: Path) -> Iterator[Finding]:
    """The lines about the app; `root` has its source in a checkout of WeldSpot alone."""
    if (root / "client/package.json").is_file():
        yield node(_version("node"), _version("npm"), (root / "client/dist/index.html").is_file())
        yield chromium()
    elif (shipped.app() / "index.html").is_file():
        yield ok("Phone app", "came with weldspot; `weldspot serve` shows it")
    else:
        cure = "install a weldspot that was built after `make serve`, which builds the app"
        yield warning("Phone app", "this weldspot was built without it", cure)


def node(version: str, npm: str, built: bool) -> Finding:
    """Whether the app can be built."""
    served = "the app stays as it was built" if built else "the app can't be built"
    cure = f"install Node {NODE} or newer, with npm"
    if not version:
        return warning("Node", f"not on the PATH: {served}", cure)
    if not version.lstrip("v").split(".")[0].isdigit() or int(version.lstrip("v").split(".")[0]) < NODE:
        return warning("Node", f"{version} is older than {NODE}: {served}", cure)
    if not npm:
        return warning("Node", f"{version} without npm: {served}", cure)
    return ok("Node", f"{version}, npm {npm}: builds the phone app")


def chromium() -> Finding:
    """The browser that the tests drive."""
    own = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-*/chrome"))
    found = [path for name in BROWSERS if (path := Path("/usr/bin", name)).exists()] + own
    if found:
        return ok("Chromium", f"{found[0]}: tests of the phone app run")
    return warning("Chromium", "none; only tests of the phone app need it", "apt-get install chromium, or make test")


def _version(tool: str) -> str:
    """What it says of itself; "" where it is absent or fails."""
    path = shutil.which(tool)
    if path is None:
        return ""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
