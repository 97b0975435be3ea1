"""canary.json, beside manifest.json while a challenger is tried: its manifest, and how many phones take it."""

from typing import Annotated, ClassVar

from pydantic import Field

from weldspot.contracts.base import Contract
from weldspot.contracts.served import ServedManifest
from weldspot.runtime import state_files


class CanaryFile(Contract):
    """`share`: of the phones; which they are is a hash of their own random name, a larger share has them too."""

    cure: ClassVar[str] = state_files.FROM_REGISTRY

    share: Annotated[float, Field(gt=0, le=1)]
    manifest: ServedManifest
