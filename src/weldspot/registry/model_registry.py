"""The registered model in MLflow: its aliases, its versions and their tags."""

import os
from functools import cached_property
from typing import TYPE_CHECKING

from weldspot.config.sections.tracking import Tracking
from weldspot.runtime.errors import WeldspotError
from weldspot.tracking import runs

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

    from weldspot.workspace import Workspace

PRODUCTION, STAGING, PREVIOUS = "production", "staging", "previous"
SHA_TAG, CHECKS_TAG = "sha256", "checks"
UNKNOWN_TAG = "unknown"  # the classes that a version does not know, with commas
REVOKED_TAG = "revoked"  # what a version learnt from that was taken back since
LIST_TAG = "classes"  # the list that it was made with, as class_lists.py writes it


def recorded(workspace: "Workspace") -> bool:
    """Whether there is a registry to ask: elsewhere, or of runs recorded here. A look must not make a database."""
    return bool(os.environ.get("MLFLOW_TRACKING_URI")) or workspace.mlflow_database.exists()  # an empty address is none


class ModelRegistry:
    """One registered model of one workspace; connects when it is first asked.

    MLflow knows one tracking server a process, so each question points it at this workspace's first.
    """

    def __init__(self, workspace: "Workspace", section: Tracking) -> None:
        self._workspace, self._section = workspace, section
        self.name = section.model

    @property
    def client(self) -> "MlflowClient":
        """MLflow's own client, for the modules of this room."""
        import mlflow

        if mlflow.get_tracking_uri() != self._address:
            runs.connect(self._workspace, self._section)
        return mlflow.MlflowClient()

    @cached_property
    def _address(self) -> str:
        import mlflow

        runs.connect(self._workspace, self._section)
        return str(mlflow.get_tracking_uri())

    def aliases(self) -> dict[str, str]:
        """alias → version; empty before the first export."""
        import mlflow

        try:
            found = self.client.get_registered_model(self.name).aliases
        except mlflow.MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":  # no answer is not an empty registry
                raise
            return {}
        return {alias: str(version) for alias, version in found.items()}

    def versions(self) -> "list[ModelVersion]":
        """Every version, as MLflow has it."""
        return list(self.client.search_model_versions(f"name = '{self.name}'"))

    def tags(self, version: str) -> dict[str, str]:
        """The tags of a version."""
        return dict(self.client.get_model_version(self.name, version).tags)

    def hashes(self) -> dict[str, str]:
        """SHA-256 of the file → the newest version that holds it."""
        known = sorted((v for v in self.versions() if SHA_TAG in v.tags), key=lambda v: int(v.version))
        return {v.tags[SHA_TAG]: str(v.version) for v in known}

    def find(self, sha256: str) -> str | None:
        """The newest version that holds the file of this SHA-256."""
        query = f"name = '{self.name}' and tags.`{SHA_TAG}` = '{sha256}'"
        return max((str(v.version) for v in self.client.search_model_versions(query)), key=int, default=None)

    def nominate(self, version: str) -> bool:
        """Makes a version staging, if its checks passed; returns whether they did."""
        passed = self.tags(version).get(CHECKS_TAG) == "passed"
        if passed:
            self.client.set_registered_model_alias(self.name, STAGING, version)
        return passed

    def required(self, alias: str) -> str:
        """The version behind an alias; raises WeldspotError, which says how to come by one, when there is none."""
        version = self.aliases().get(alias)
        if version is None:
            hint = "`dvc repro` makes one, or `dvc repro --force --single-item export` of a model that is here already"
            if alias == PRODUCTION:
                hint = "`weldspot promote` makes staging production"
            raise WeldspotError(f"{self.name}@{alias}: no such version in the registry; {hint}")
        return version
