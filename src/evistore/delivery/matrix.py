"""What runs where as a matrix: services by environments, what drifts marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evistore.delivery import services
from evistore.delivery.services import Placement, Service

_ORDER = ("local", "dev", "development", "test", "testing", "ci", "qa", "int", "uat", "staging", "stage", "preprod")


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the matrix; ``older`` when another environment was given another artifact since."""

    placement: Placement
    version: str
    older: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One service in the matrix."""

    service: Service
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Services by environments."""

    environments: tuple[str, ...]
    rows: Sequence[Row]
    total: int
    drifted: int


def matrix(found: Iterable[Placement], *, most: int | None = None) -> Matrix:
    """What runs where as a matrix: services that changed last first, environments on their way to production."""
    every = services.grouped(found)
    environments = tuple(sorted({one.environment_id for service in every for one in service.placements}, key=stage_of))
    every.sort(key=lambda service: max(one.since for one in service.placements), reverse=True)
    rows = [_row(service, environments) for service in every[:most]]
    return Matrix(environments, rows, len(every), sum(service.drifted for service in every))


def stage_of(environment: str) -> tuple[int, str]:
    """Where *environment* stands on the way to production, by its name; to sort by."""
    name = environment.lower()
    known = next(
        (n for n, stage in enumerate(_ORDER) if name == stage or name.startswith((f"{stage}-", f"{stage}/"))), None
    )
    if known is not None:
        return known, name
    return (len(_ORDER) + 1 if name.startswith("prod") else len(_ORDER)), name


def _row(service: Service, environments: Sequence[str]) -> Row:
    newest = max(service.placements, key=lambda one: one.since)
    places = {
        one.environment_id: Cell(one, services.short(one.artifact_id), _differ(one, newest))
        for one in service.placements
    }
    return Row(service, tuple(places.get(name) for name in environments))


def _differ(one: Placement, newest: Placement) -> bool:
    """Whether two places are known to run different artifacts."""
    return None not in (one.artifact_id, newest.artifact_id) and one.artifact_id != newest.artifact_id
