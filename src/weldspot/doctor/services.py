"""Keys for what is outside: Firebase and Cloud Storage, Roboflow, messages. Their values are never shown."""

import json
from collections.abc import Iterator
from pathlib import Path

from weldspot.config.parameters import Params
from weldspot.config.settings import GOOGLE_KEY_FILE, ROBOFLOW_KEY, Settings
from weldspot.doctor.finding import Finding, missing, ok, warning


def examine(params: Params, settings: Settings, fetched: bool) -> Iterator[Finding]:
    """The lines about services that params.yaml names; `fetched`: the photographs are here already."""
    yield firebase(params, settings.google_application_credentials)
    if params.source.name == "roboflow":
        yield roboflow(bool(settings.roboflow_api_key.get_secret_value()), fetched)
    count = len(settings.notify_urls())
    yield ok("Messages", f"WELDSPOT_NOTIFY names {count}" if count else "none are sent: WELDSPOT_NOTIFY is not set")


def firebase(params: Params, key_file: str) -> Finding:
    """Whoever collects or publishes by Google needs a service account and a bucket."""
    loop = params.loop
    collects = loop.collect.source == "firebase"
    targets = [target for target in loop.publish.targets if target.startswith("firebase")]
    users = ["loop.collect.source=firebase"] * collects + [f"loop.publish.targets has {target}" for target in targets]
    problem, project = account(key_file)
    if not users:
        said = "not needed: feedback and models stay on this machine"
        if problem and key_file:
            return warning("Firebase", f"{said}; {problem}", f"unset {GOOGLE_KEY_FILE}")
        return ok("Firebase", said)
    said = ", ".join(users)
    if problem:
        cure = f"{GOOGLE_KEY_FILE}=/where/the/key/is.json in the environment or .env: docs/publishing.md"
        return missing("Firebase", f"{said}; {problem}", cure)
    absent = ["loop.collect.bucket"] * (collects and not loop.collect.bucket)
    absent += ["loop.publish.bucket"] * (bool(targets) and not loop.publish.bucket)
    if absent:
        return missing("Firebase", f"{said}, without {' and '.join(absent)}", f"weldspot compose {absent[0]}=…")
    return ok("Firebase", f"a service account of the project {project}; whether it may was not asked")


def account(key_file: str) -> tuple[str, str]:
    """What is wrong with the key file ("" when nothing is), and the project that it is of."""
    if not key_file:
        return f"{GOOGLE_KEY_FILE} is not set", ""
    try:
        found = json.loads(Path(key_file).read_bytes())
    except FileNotFoundError:
        return f"{GOOGLE_KEY_FILE}={key_file}: no such file", ""
    except OSError as error:
        return f"{GOOGLE_KEY_FILE}={key_file}: {error.strerror}", ""
    except ValueError:
        return f"{GOOGLE_KEY_FILE}={key_file} is no JSON", ""
    if not isinstance(found, dict) or found.get("type") != "service_account":
        return f"{GOOGLE_KEY_FILE}={key_file} is not the key of a service account", ""
    absent = [key for key in ("project_id", "client_email", "private_key") if not found.get(key)]
    return (f"{GOOGLE_KEY_FILE}={key_file} lacks {absent[0]}", "") if absent else ("", str(found["project_id"]))


def roboflow(key: bool, fetched: bool) -> Finding:
    """The download asks for a key, as long as it has not been made."""
    if key:
        return ok("Roboflow", f"{ROBOFLOW_KEY} is set")
    if fetched:
        return warning(
            "Roboflow", f"{ROBOFLOW_KEY} is not set; the photographs are here already", f"{ROBOFLOW_KEY}=… in .env"
        )
    return missing("Roboflow", f"{ROBOFLOW_KEY} is not set", f"{ROBOFLOW_KEY}=… in .env", stops=True)
