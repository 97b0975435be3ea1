"""Google's clients for Firebase: one app a process, which serves the workspace that was connected last."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from weldspot.config.settings import GOOGLE_KEY_FILE, Settings
from weldspot.runtime.errors import WeldspotError

if TYPE_CHECKING:
    from firebase_admin.credentials import ApplicationDefault
    from google.cloud.storage import Bucket

EMULATOR, FIREBASE_EMULATOR = "STORAGE_EMULATOR_HOST", "FIREBASE_STORAGE_EMULATOR_HOST"
_connected: list[str] = []  # the key file of the running app


def connect(settings: Settings) -> None:
    """Starts the default firebase_admin app, if it does not run with these settings already.

    Raises:
        WeldspotError: there are no usable credentials.
    """
    import firebase_admin
    from firebase_admin import credentials

    wanted = settings.google_application_credentials
    if firebase_admin._apps:  # ml polls only through the default app, so there is just that one
        if _connected == [wanted]:
            return
        firebase_admin.delete_app(firebase_admin.get_app())
    if FIREBASE_EMULATOR in os.environ:  # the name that Firebase's own tools set, without a scheme
        os.environ.setdefault(EMULATOR, f"http://{os.environ[FIREBASE_EMULATOR]}")
    if wanted and not Path(wanted).is_file():
        raise WeldspotError(f"{GOOGLE_KEY_FILE}: no file {wanted}; set it to the key file of a service account in .env")
    if not wanted and EMULATOR in os.environ:
        from google.auth.credentials import AnonymousCredentials

        firebase_admin.initialize_app(AnonymousCredentials())  # type: ignore[no-untyped-call]  # Google's has no types
    else:
        chosen = credentials.ApplicationDefault()
        with _in_environment(wanted):
            _load(chosen, wanted)
        firebase_admin.initialize_app(chosen)
    _connected[:] = [wanted]


def bucket(settings: Settings, name: str, setting: str) -> "Bucket":
    """The bucket of this name; `setting` is the key of params.yaml that names it, for the error when it is empty."""
    if not name.strip():
        raise WeldspotError(f"{setting} is empty; name the bucket, such as my-project.firebasestorage.app")
    connect(settings)
    from firebase_admin import storage

    return storage.bucket(name.strip())


def project() -> str | None:
    """The project of the credentials, or the one in GOOGLE_CLOUD_PROJECT; `connect` comes first."""
    import firebase_admin

    found: str | None = firebase_admin.get_app().project_id
    return found


def _load(chosen: "ApplicationDefault", path: str) -> None:
    """Reads the credentials now, so that a bad file is told here and not in the middle of the work."""
    from google.auth import exceptions

    try:
        chosen.get_credential()
        return
    except exceptions.DefaultCredentialsError:
        problem = f"{path}: not a key file of Google's" if path else "no Google credentials found"
    except (ValueError, KeyError, TypeError, AttributeError, OSError, exceptions.GoogleAuthError):
        problem = f"{path or 'default credentials'}: can't be used as Google credentials"
    raise WeldspotError(
        f"{problem}; put {GOOGLE_KEY_FILE}=<key file of a service account> in .env (docs/publishing.md)"
    )


@contextmanager
def _in_environment(path: str) -> Iterator[None]:
    """Google's client looks for the key file there alone; it is taken away again, it may be another workspace's."""
    before = os.environ.get(GOOGLE_KEY_FILE)
    if path:
        os.environ[GOOGLE_KEY_FILE] = path
    try:
        yield
    finally:
        if path and before is None:
            del os.environ[GOOGLE_KEY_FILE]
        elif path and before is not None:
            os.environ[GOOGLE_KEY_FILE] = before
