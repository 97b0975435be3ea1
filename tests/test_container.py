"""The Dockerfile and the compose file, as far as they can be judged without an engine."""

import re
from pathlib import Path
from typing import Any

import yaml
from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parents[1]


def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def test_the_image_is_not_root_and_takes_the_lock_file_by_hashes() -> None:
    assert re.findall(r"^USER (.*)$", dockerfile(), re.MULTILINE) == ["$UID"]
    assert "--require-hashes -r /tmp/requirements.lock" in dockerfile()


def test_what_is_copied_is_let_through_and_exists() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied: set[str] = set()
    for words in re.findall(r"^COPY --chown=\S+ (.*)$", dockerfile(), re.MULTILINE):
        copied.update(words.split()[:-1])
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_services_build_stages_that_exist() -> None:
    stages = set(re.findall(r"^FROM \S+ AS (\w+)$", dockerfile(), re.MULTILINE))
    built = {service["build"]["target"] for service in compose()["services"].values() if "build" in service}
    assert built <= stages
    assert built == {"mlflow", "retrain"}


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
