"""What runs where, now and at any moment before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from evistore.delivery.purl import base
from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "services")


@dataclass(frozen=True, slots=True)
class Placement:
    """A service in an environment: the artifact that runs there, since when, and the event that says so."""

    service_id: str
    environment_id: str
    artifact_id: str | None
    since: datetime
    predicate: str
    position: int


@dataclass(frozen=True, slots=True)
class Service:
    """A service with every place it runs in; ``drifted`` when they are known to run different artifacts."""

    service_id: str
    drifted: bool
    placements: tuple[Placement, ...]


def running(
    tx: Transaction, *, at: datetime | None = None, service: str | None = None, environment: str | None = None
) -> list[Placement]:
    """What runs where now, or ran at the moment *at*; by service, then environment. Removed services are left out."""
    return tx.all(Placement, SQL["running"], at=at, service=service, environment=environment)


def grouped(placements: Iterable[Placement]) -> list[Service]:
    """The *placements* by service."""
    found: dict[str, list[Placement]] = {}
    for one in placements:
        found.setdefault(one.service_id, []).append(one)
    return [
        Service(name, len({one.artifact_id for one in places if one.artifact_id}) > 1, tuple(places))
        for name, places in found.items()
    ]


def short(artifact_id: str | None) -> str:
    """A form of an artifact id that fits a cell: tag, version or the first digits of a digest.

    ``pkg:oci/shop@sha256:3c9d2deaed…?tag=1.4.2`` is ``1.4.2``.
    """
    if not artifact_id:
        return "unknown"
    body, _, qualifiers = artifact_id.partition("#")[0].partition("?")
    tag = next((part[4:] for part in qualifiers.split("&") if part.startswith("tag=")), "")
    version = body.rpartition("@")[2] if base(artifact_id) not in (None, artifact_id) and "@" in body else ""
    version = version.replace("%3A", ":").replace("%3a", ":").replace("%2B", "+")
    if tag or version:
        algorithm, colon, digest = (tag or version).rpartition(":")
        return digest[:8] if colon and algorithm.startswith("sha") else tag or version
    return artifact_id if len(artifact_id) <= _LONGEST else f"{artifact_id[:10]}…{artifact_id[-9:]}"


_LONGEST = 20
