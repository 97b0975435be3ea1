"""The Dockerfile and the compose file, as far as they can be judged without an engine."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import typer
import yaml
from dotenv import dotenv_values
from sqlalchemy.engine import make_url

from weldspot.cli import app

ROOT = Path(__file__).resolve().parents[1]


def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def stages() -> dict[str, str]:
    """Name → lines of each stage of the Dockerfile."""
    found = re.split(r"^FROM \S+ AS (\w+)$", dockerfile(), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def installed(stage: str) -> list[list[str]]:
    """The arguments of every `pip install` of a stage."""
    joined = stage.replace("\\\n", " ")
    return [words.split() for words in re.findall(r"pip install (.*?)(?=&&|$)", joined, re.MULTILINE)]


def test_the_image_is_not_root_and_takes_the_lock_file_by_hashes() -> None:
    assert "--require-hashes -r /tmp/requirements.lock" in dockerfile()
    assert "--require-hashes -r /tmp/requirements-gpu.lock" in stages()["gpu"]
    for name in ("mlflow", "retrain", "gpu"):
        assert re.findall(r"^USER (.*)$", stages()[name], re.MULTILINE)[-1] == "$UID"


def test_every_package_comes_with_hashes_or_is_this_project() -> None:
    for words in installed(dockerfile()):
        assert "--require-hashes" in words or words == ["--no-deps", "--editable", "."]
    assert "PIP_NO_CACHE_DIR=1" in stages()["base"]


def test_the_packages_come_before_what_changes_more_often() -> None:
    """Gigabytes that both images share and that no other UID and no change of the code make again."""
    base = stages()["base"]
    assert base.index("requirements.lock") < base.index("ARG UID")
    assert "COPY src" not in base
    assert [words[-1] for words in installed(stages()["retrain"])] == ["."]
    assert installed(stages()["mlflow"]) == []


def test_what_is_copied_is_let_through_and_exists() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied: set[str] = set()
    for words in re.findall(r"^COPY (.*)$", dockerfile(), re.MULTILINE):
        copied.update(words.split()[:-1])
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_driver_that_the_address_names_is_in_the_image() -> None:
    """SQLAlchemy 2.1 takes psycopg for `postgresql://`, 2.0 took psycopg2: the address says which."""
    address = make_url(compose()["services"]["mlflow"]["environment"]["MLFLOW_BACKEND_STORE_URI"])
    assert address.drivername == "postgresql+psycopg2"
    assert address.password is None
    assert re.search(r"psycopg2-binary==\d", stages()["base"])


def test_the_server_knows_its_settings() -> None:
    from mlflow.cli import server

    known = {variable for option in server.params for variable in [option.envvar] if isinstance(variable, str)}
    given = set(compose()["services"]["mlflow"]["environment"]) - {"PGPASSWORD"}  # libpq reads that one
    assert given <= known


def test_services_build_stages_that_exist() -> None:
    built = {service["build"]["target"] for service in compose()["services"].values() if "build" in service}
    assert built <= set(stages())
    assert built == {"mlflow", "retrain", "gpu"}


def test_cuda_is_only_in_the_image_for_a_gpu_and_its_job_gets_all_cards() -> None:
    """The other images are no bigger for it, and on a machine without a card nothing asks for one."""
    assert "FROM retrain AS gpu" in dockerfile()
    assert [name for name, lines in stages().items() if "gpu.lock" in lines] == ["gpu"]
    services = compose()["services"]
    job, on_gpu = services["retrain"], services["retrain-gpu"]
    assert on_gpu["profiles"] == ["gpu"]
    (cards,) = on_gpu["deploy"]["resources"]["reservations"]["devices"]
    assert cards == {"driver": "nvidia", "count": "all", "capabilities": ["gpu"]}
    assert [name for name, service in services.items() if "deploy" in service] == ["retrain-gpu"]
    differs = {"profiles", "build", "deploy"}
    assert {key: on_gpu[key] for key in on_gpu.keys() - differs} == {key: job[key] for key in job.keys() - differs}
    assert on_gpu["build"] == job["build"] | {"target": "gpu"}


def test_what_others_wait_for_has_a_health_check() -> None:
    services = compose()["services"]
    for service in services.values():
        for name, wait in service.get("depends_on", {}).items():
            assert wait["condition"] == "service_healthy"
            assert services[name]["healthcheck"]["test"]


def test_nothing_is_reachable_from_other_machines() -> None:
    ports = [port for service in compose()["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_sample_env_names_every_variable_and_no_value_of_a_secret() -> None:
    sample = dotenv_values(ROOT / ".env.example")
    assert set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text())) <= set(sample)
    assert {name for name, value in sample.items() if value} == {"UID"}


def test_the_check_in_ci_calls_services_and_python_that_exist() -> None:
    script = (ROOT / "scripts/containers.sh").read_text()
    words = [shlex.split(line) for line in re.findall(r"^compose (run .*?)(?: - <<.*| >.*)?$", script, re.MULTILINE)]
    assert words
    services, options = compose()["services"], {"--rm", "--no-deps", "--no-TTY"}
    verbs = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    for _, *rest in words:
        entry = rest.index("--entrypoint") if "--entrypoint" in rest else None
        if entry is not None:
            del rest[entry : entry + 2]
        service, *command = [word for word in rest if word not in options]
        assert service in services
        if service == "retrain" and entry is None:
            assert command[0] in {*verbs, "--help"}
    source = re.search(r"<<'EOF'\n(.*?)^EOF$", script, re.MULTILINE | re.DOTALL)
    assert source is not None
    compile(source[1], "containers.sh", "exec")
    subprocess.run(["sh", "-n", str(ROOT / "scripts/containers.sh")], check=True)
