"""The bill of materials: CycloneDX 1.6, of the model and every package of the lock file that made it.

Same lock, same model, same bytes: it has no time and no number that is drawn.
"""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from weldspot.contracts.manifest import Manifest

_LINE = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Package:
    """A package as the lock file pins it; `hashes`: of the files of that release, of which each platform takes one."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        """https://github.com/package-url/purl-spec, type pypi."""
        return f"pkg:pypi/{quote(re.sub('[-_.]+', '-', self.name).lower())}@{quote(self.version)}"


def packages(lock: str) -> Iterator[Package]:
    """Every package of a lock file that pip can read, once."""
    seen: dict[tuple[str, str], Package] = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", lock):
        found = _LINE.match(block.strip())
        if found is None:
            continue
        one = Package(
            found["name"], found["version"], (found["marker"] or "").strip(), tuple(sorted(set(_HASH.findall(block))))
        )
        seen.setdefault((one.purl, one.version), one)  # a second line of it names an extra
    yield from sorted(seen.values(), key=lambda one: one.purl)


def write(manifest: Manifest, version: str, lock: str) -> bytes:
    """The bill as JSON; raises nothing for a lock that is empty: then it names the model alone."""
    reference = f"model:{manifest.sha256}"
    components = [
        {
            "type": "library",
            "bom-ref": one.purl,
            "name": one.name,
            "version": one.version,
            "purl": one.purl,
            **({"description": f"only where {one.marker}"} if one.marker else {}),
            "externalReferences": [
                {"type": "distribution", "url": one.purl, "hashes": [{"alg": "SHA-256", "content": digest}]}
                for digest in one.hashes
            ],
        }
        for one in packages(lock)
    ]
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, reference + version + lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "machine-learning-model",
                "bom-ref": reference,
                "name": manifest.name,
                "version": version,
                "hashes": [{"alg": "SHA-256", "content": manifest.sha256}],
            }
        },
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": [one["bom-ref"] for one in components]}],
    }
    return (json.dumps(bill, indent=1, ensure_ascii=False) + "\n").encode()
