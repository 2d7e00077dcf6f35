"""The bill of materials: what the image holds, and what the extras would add, as CycloneDX 1.6, read off the locked requirements."""

from __future__ import annotations

import re
import tomllib
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOCK = "deploy/requirements.lock"
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^\s+#(?: via)?\s+([a-z0-9][a-z0-9._-]*)( \(pyproject\.toml\))?\s*$")


@dataclass
class Pin:
    """One locked package: the digests of its files, and which packages ask for it."""

    name: str
    version: str
    hashes: list[str] = field(default_factory=list[str])
    asked_by: list[str] = field(default_factory=list[str])

    @property
    def purl(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{self.name}@{self.version}"


def pins(text: str) -> list[Pin]:
    """The packages of a file of locked requirements, as `uv pip compile` writes it with annotations."""
    found: list[Pin] = []
    for line in text.splitlines():
        if pin := _PIN.match(line):
            found.append(Pin(pin[1], pin[2]))
        elif digest := _HASH.search(line):
            found[-1].hashes.append(digest[1])
        elif found and (via := _VIA.match(line)):
            found[-1].asked_by.append(via[1])
    return found


def bill(root: Path, version: str, commit: str) -> dict[str, Any]:
    """The document. It names no moment and no machine, and its serial number is made of what it says: built again, it is the same."""
    every = pins((root / LOCK).read_text("utf-8"))
    own = f"pkg:pypi/evistore@{version}"
    optional = _only_by_extras(root)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join([own, commit, *(one.purl for one in every)]))}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "evistore",
                "version": version,
                "purl": own,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
                "properties": [{"name": "evistore:commit", "value": commit}],
            }
        },
        "components": [_component(one, optional=one.name in optional) for one in every],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(one.purl for one in every if name in one.asked_by)}
            for name, ref in [("evistore", own), *((one.name, one.purl) for one in every)]
        ],
    }


def _component(pin: Pin, *, optional: bool) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
        "scope": "optional" if optional else "required",
        "externalReferences": [
            {
                "type": "distribution",
                "url": pin.purl,
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in pin.hashes],
            }
        ],
    }


def _only_by_extras(root: Path) -> set[str]:
    """The packages that come with an extra only, as `pyproject.toml` names them."""
    extras = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    return {re.split(r"[^a-z0-9._-]", text)[0] for texts in extras.values() for text in texts}
