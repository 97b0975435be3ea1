"""The project on disk: every path by its name, made once where a process begins and handed on from there.

Stages and rooms take it as an argument and name its type only for the type checker: a path added here changes no
output, so it makes no stage stale.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weldspot.config.settings import Settings


@dataclass(frozen=True)
class Workspace:
    """`root`: the folder with params.yaml and dvc.yaml; several in one process do not mix."""

    root: Path

    @cached_property
    def settings(self) -> "Settings":
        """The environment and `.env`, as they were when first asked for."""
        from weldspot.config.settings import Settings  # pydantic: half a second that few commands need

        return Settings.read(self.root / ".env")

    # the experiment
    @property
    def params(self) -> Path:
        return self.root / "params.yaml"

    @property
    def conf(self) -> Path:
        return self.root / "conf"

    @property
    def plugins(self) -> Path:
        """Code of the project's own, a folder a kind."""
        return self.root / "plugins"

    @property
    def made_with(self) -> Path:
        """The code of the stages, in a repository that `weldspot new` made; a checkout of WeldSpot has src/ instead."""
        return self.root / "weldspot.yaml"

    @property
    def metrics(self) -> Path:
        return self.root / "reports/metrics.json"

    def artifact(self, stage: str) -> Path:
        """The folder that a stage writes."""
        return self.root / "artifacts" / stage

    def report(self, name: str) -> Path:
        """What people look at: the folder of a stage or a command."""
        return self.root / "reports" / name

    @property
    def split_manifest(self) -> Path:
        """Parquet: id, variant, group and split of every image."""
        return self.artifact("split") / "manifest.parquet"

    # data/: what this project has gathered itself, tracked by data.dvc
    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def inbox(self) -> Path:
        """Feedback batches that wait for the gate."""
        return self.data / "inbox"

    @property
    def judged(self) -> Path:
        """Which waiting batches a verdict has covered."""
        return self.inbox / "judged.json"

    @property
    def feedback(self) -> Path:
        """Feedback batches that were admitted to the training data."""
        return self.data / "feedback"

    @property
    def rejected(self) -> Path:
        """Corrections that a reviewer has refused, as batches of their own: no training data."""
        return self.data / "rejected"

    @property
    def reviews(self) -> Path:
        """What reviewers decided: a file a day, one line a decision; nothing in it is ever changed."""
        return self.data / "reviews"

    @property
    def quarantine(self) -> Path:
        """Uploads that can't be read, each with its reason."""
        return self.data / "quarantine"

    @property
    def revoked(self) -> Path:
        """What was taken back, and is never collected again: a line each."""
        return self.data / "revoked.jsonl"

    # what is signed, and by whom
    @property
    def trust(self) -> Path:
        """The public keys that may sign here; in git."""
        return self.root / "trust.json"

    @property
    def signing_key(self) -> Path:
        """The private key, where the environment has none: the repository's own, which DVC's copies of it share."""
        return self.main / ".weldspot/keys/key.pem"

    @property
    def recovery_key(self) -> Path:
        """Where `weldspot keys make` leaves the recovery key, to be moved elsewhere."""
        return self.main / ".weldspot/keys/recovery.pem"

    @property
    def verdicts(self) -> Path:
        """Every verdict that could have been a false alarm, and its chance: a line each."""
        return self.data / "verdicts.jsonl"

    @property
    def telemetry(self) -> Path:
        """What phones have counted: a file a day of arrival, a line a report; lines are only added."""
        return self.data / "telemetry"

    @property
    def canary(self) -> Path:
        """The challenger that is tried on a share of the phones, until it is everywhere or taken back."""
        return self.data / "canary.json"

    # the last verdict and the last retraining
    @property
    def verdict(self) -> Path:
        return self.report("gate") / "verdict.json"

    @property
    def summary(self) -> Path:
        return self.report("retrain") / "summary.md"

    # .weldspot/: what belongs to this machine alone
    @property
    def local(self) -> Path:
        return self.root / ".weldspot"

    def lock(self, name: str) -> Path:
        """The lock file of a command, of `stage`, which the stages share, or of who reads or changes `feedback`."""
        return self.local / f"{name}.lock"

    @property
    def spool(self) -> Path:
        """Uploads that this machine has received and not collected."""
        return self.local / "spool"

    @property
    def published(self) -> Path:
        """What the local target serves to phones."""
        return self.local / "published"

    @property
    def known(self) -> Path:
        """Fingerprints of the photographs that artifacts/ingest holds."""
        return self.local / "known.npz"

    @property
    def desk(self) -> Path:
        """What the review desk has measured of the corrections that wait."""
        return self.local / "desk.npz"

    @property
    def retraining(self) -> Path:
        """The note that a retraining has begun, and why."""
        return self.local / "retraining.json"

    @property
    def revoking(self) -> Path:
        """The note that something is being taken back."""
        return self.local / "revoking.json"

    @property
    def downloads(self) -> Path:
        """Downloads that were cut off."""
        return self.local / "partial"

    @property
    def ingesting(self) -> Path:
        """Canonical images on their way into the table."""
        return self.local / "ingest"

    @property
    def checkpoints(self) -> Path:
        return self.local / "checkpoints"

    @property
    def damaged(self) -> Path:
        """What was found damaged and taken out of the way: the repository's own, DVC's copies of it do not last."""
        return self.main / ".weldspot/damaged"

    @property
    def reproducing(self) -> Path:
        """A clone in which a model is made again; the next one begins by taking away what a kill has left."""
        return self.local / "reproduce"

    @property
    def tls(self) -> Path:
        """The self-signed certificate and its key."""
        return self.local / "tls"

    # other tools' own
    @property
    def logs(self) -> Path:
        """TensorBoard's."""
        return self.root / "logs"

    @property
    def app(self) -> Path:
        """The phone app as Vite builds it."""
        return self.root / "client/dist"

    @property
    def mlflow_database(self) -> Path:
        return self.main / "mlflow.db"

    @property
    def mlflow_lock(self) -> Path:
        """Held while the database is opened, which makes it where there is none."""
        return self.main / ".weldspot/mlflow.lock"

    @property
    def mlflow_artifacts(self) -> Path:
        return self.main / "mlartifacts"

    @property
    def staging_lock(self) -> Path:
        """Of the registry's alias: the repository's own, which DVC's copies of it share."""
        return self.main / ".weldspot/staging.lock"

    @property
    def main(self) -> Path:
        """The repository itself, absolute, also when DVC runs a queued experiment in a copy below .dvc/tmp/exps."""
        root = self.root.resolve()
        parts = root.parts
        for index in range(len(parts) - 2):
            if parts[index : index + 3] == (".dvc", "tmp", "exps"):
                return Path(*parts[:index])
        return root
