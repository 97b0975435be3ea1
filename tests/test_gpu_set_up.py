"""scripts/device.sh and the Makefile: what is installed is what the machine's card asks for, and changes with it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CARD = "#!/bin/sh\n[ \"$1\" = --query-gpu=driver_version ] && printf '{0}\\n{0}\\n'\n"  # two cards, one driver
NOTED = '#!/bin/sh\necho "$@" >> installed\n'


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A Linux without a card, and a checkout whose set-up notes what it is asked to install."""
    (tmp_path / "bin").mkdir()
    offer(tmp_path, "uname", "#!/bin/sh\necho Linux\n")
    checkout = tmp_path / "a check out"
    (checkout / "scripts").mkdir(parents=True)
    for name in ("Makefile", "scripts/device.sh", "pyproject.toml"):
        shutil.copyfile(ROOT / name, checkout / name)
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-gpu.lock"):
        (checkout / name).touch()
    (checkout / "scripts/venv.sh").write_text("mkdir -p .venv/bin\n")
    (checkout / "scripts/install.sh").write_text(NOTED)
    return tmp_path


def offer(machine: Path, name: str, script: str) -> None:
    (machine / "bin" / name).write_text(script)
    (machine / "bin" / name).chmod(0o755)


def run(machine: Path, *command: str) -> subprocess.CompletedProcess[str]:
    makes = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "DEVICE"))}
    path = os.pathsep.join([str(machine / "bin"), os.environ["PATH"]])
    return subprocess.run(
        command, cwd=machine / "a check out", env=makes | {"PATH": path}, capture_output=True, text=True, check=False
    )


def seen(machine: Path, override: str = "") -> tuple[str, str]:
    done = run(machine, "sh", "scripts/device.sh", override)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def installed(machine: Path, target: str, *variables: str) -> str:
    """What `make` installs for a target; "" where it does not."""
    noted = machine / "a check out/installed"
    noted.unlink(missing_ok=True)
    done = run(machine, "make", target, *variables)
    assert done.returncode == 0, done.stderr
    return noted.read_text().strip() if noted.exists() else ""


@pytest.mark.parametrize("driver", ["525.60.13", "525.105.17", "535.54", "580.65.06", " 610 "])
def test_a_card_with_a_driver_for_cuda_12_is_used(machine: Path, driver: str) -> None:
    offer(machine, "nvidia-smi", CARD.format(driver))
    assert seen(machine) == ("gpu\n", "")
    assert seen(machine, "cpu") == ("cpu\n", "")


@pytest.mark.parametrize("driver", ["525.60.12", "525.53", "470.223.02", "96.43.23"])
def test_an_older_driver_is_one_line(machine: Path, driver: str) -> None:
    offer(machine, "nvidia-smi", CARD.format(driver))
    found, said = seen(machine)
    assert found == "cpu\n"
    assert said.splitlines() == [
        f"make: the NVIDIA driver {driver} is too old for CUDA 12: the CPU trains; install 525.60.13 or newer and run "
        "make again"
    ]


@pytest.mark.parametrize(
    "script",
    [
        None,
        "#!/bin/sh\necho 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.'; exit 9\n",
        "#!/bin/sh\necho 'No devices were found'\n",
        "#!/bin/sh\n",
    ],
    ids=["no tool", "no driver", "no card", "no word"],
)
def test_without_a_card_it_is_the_cpu_and_nothing_is_said(machine: Path, script: str | None) -> None:
    if script:
        offer(machine, "nvidia-smi", script)
    assert seen(machine) == ("cpu\n", "")
    assert seen(machine, "gpu") == ("gpu\n", "")


def test_wheels_with_cuda_are_for_linux_alone(machine: Path) -> None:
    offer(machine, "nvidia-smi", CARD.format("580.65.06"))
    offer(machine, "uname", "#!/bin/sh\necho Darwin\n")
    assert seen(machine) == ("cpu\n", "")


def test_another_device_is_one_line(machine: Path) -> None:
    done = run(machine, "make", ".venv/.runtime", "DEVICE=tpu")
    assert done.returncode != 0
    assert "make: DEVICE=tpu: there are cpu and gpu; without it the machine is looked at\n" in done.stderr


@pytest.mark.parametrize(
    ("target", "lock"), [(".venv/.runtime", "requirements.lock"), (".venv/.dev", "requirements-dev.lock")]
)
def test_make_installs_anew_when_the_device_is_another_and_only_then(machine: Path, target: str, lock: str) -> None:
    assert installed(machine, target) == lock
    assert installed(machine, target) == ""
    offer(machine, "nvidia-smi", CARD.format("580.65.06"))
    assert installed(machine, target) == f"{lock} requirements-gpu.lock"
    assert installed(machine, target) == ""
    assert installed(machine, target, "DEVICE=cpu") == lock
    assert installed(machine, target) == f"{lock} requirements-gpu.lock"


def test_what_make_runs_on_the_cpu_sees_no_card(machine: Path) -> None:
    """CUDA may be installed on the machine itself, where TensorFlow finds it without our packages."""
    makefile = machine / "a check out/Makefile"
    makefile.write_text(makefile.read_text() + '\nsay:\n\t@echo "[$$CUDA_VISIBLE_DEVICES]"\n')
    assert run(machine, "make", "say", "DEVICE=cpu").stdout == "[-1]\n"
    assert run(machine, "env", "CUDA_VISIBLE_DEVICES=1", "make", "say").stdout == "[1]\n"
