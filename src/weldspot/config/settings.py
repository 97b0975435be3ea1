"""What a process is told from outside: the environment, and `.env` beside params.yaml, which git ignores."""

import os
from pathlib import Path

from pydantic import PrivateAttr, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from weldspot.config.secrets import NOTIFY, known_secrets
from weldspot.runtime import state_files

ROBOFLOW_KEY = "ROBOFLOW_API_KEY"
GOOGLE_KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
SIGNING_KEY, SIGNING_KEY_FILE = "WELDSPOT_SIGNING_KEY", "WELDSPOT_SIGNING_KEY_FILE"


class Settings(BaseSettings):
    """The variables that are read here; the environment goes before `.env`.

    `weldspot_notify`: apprise URLs with spaces between them.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    roboflow_api_key: SecretStr = SecretStr("")
    google_application_credentials: str = ""
    weldspot_notify: SecretStr = SecretStr("")
    weldspot_token: SecretStr = SecretStr("")
    weldspot_signing_key: SecretStr = SecretStr("")
    weldspot_signing_key_file: str = ""
    _named: frozenset[str] = PrivateAttr(frozenset())  # values of variables named like a secret, whoever reads them

    @classmethod
    def read(cls, dotenv: Path) -> "Settings":
        """The settings as they are now; a `.env` that is not there is no mistake."""
        with state_files.reading(dotenv, "write it anew, NAME=value a line, as .env.example shows"):
            settings = cls(_env_file=dotenv)  # type: ignore[call-arg]
        changes: dict[str, object] = {}
        for name in (GOOGLE_KEY_FILE, SIGNING_KEY_FILE):  # `.env` is relative to itself
            if (key_file := getattr(settings, name.lower())) and not os.environ.get(name):
                changes[name.lower()] = str(dotenv.parent / key_file)
        if os.environ.get(NOTIFY) == "":  # set but empty is off, whatever `.env` says
            changes["weldspot_notify"] = SecretStr("")
        settings = settings.model_copy(update=changes)
        settings._named = known_secrets(dotenv)
        return settings

    @field_validator("roboflow_api_key", "google_application_credentials", mode="before")
    @classmethod
    def _stripped(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    def notify_urls(self) -> list[str]:
        """Where messages go."""
        return self.weldspot_notify.get_secret_value().split()

    def secrets(self) -> set[str]:
        """Every secret value known here, the tokens inside notification URLs too; for redaction."""
        own = (self.roboflow_api_key, self.weldspot_signing_key)
        return {*(value.get_secret_value() for value in own), *self._named} - {""}
