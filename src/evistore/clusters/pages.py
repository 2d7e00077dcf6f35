"""Pages of the cluster evidence: the fleet, one cluster, recommendations over time, and messages that were no reports."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from evistore.clusters import fleet, pages_cluster, pages_faulty, pages_fleet, pages_kept, pages_standing
from evistore.clusters.pages_parts import cluster_href, finding_href
from evistore.kernel.database import Database
from evistore.web.pages import Pages


def router(database: Database) -> APIRouter:
    """Every page, on what stands in *database*."""
    pages = Pages("evistore.clusters", cluster_href=cluster_href, finding_href=finding_href)
    routes = pages.router()
    # A cluster can have any name that looks like a UUID to its senders: the fixed words come before it.
    for part in (pages_fleet, pages_standing, pages_faulty, pages_kept, pages_cluster):
        part.add_to(routes, pages, database)
    return routes


def finder(database: Database) -> Callable[[str], str | None]:
    """What finds the page of a cluster or of a recommendation by its id."""

    def found(asked: str) -> str | None:
        with database.transaction(read_only=True) as tx:
            named = fleet.named(tx, asked)
        if named is None:
            return None
        return cluster_href(named.name) if named.kind == "cluster" else finding_href(named.name, named.error_key)

    return found
