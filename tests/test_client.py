"""The phone app without a browser: unit tests, generated files. With one: test_phone*.py; its style: `make lint`."""

import json
import subprocess

import pytest
from phone_app import check, needs_npm
from small_project import ROOT, environment


@needs_npm
@pytest.mark.parametrize("script", ["contract -- --check", "test"])
def test_passes(script: str) -> None:
    check(script)


LOADED = """
const { loadConfigFromFile } = await import("vite");
const { config } = await loadConfigFromFile({ command: "build", mode: "production" });
console.log(JSON.stringify(config.build.rollupOptions.checks ?? {}));
"""


@needs_npm
def test_a_build_says_nothing_of_its_own_settings_nor_of_how_long_its_plugins_took() -> None:
    command = ["node", "--input-type=module", "-e", LOADED]
    done = subprocess.run(command, cwd=ROOT / "client", env=environment(), capture_output=True, text=True, check=True)
    assert (json.loads(done.stdout), done.stderr) == ({"bundlerTimings": False}, "")
