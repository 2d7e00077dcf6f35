"""The doors out over HTTP, as parts of the application: REST, quarantine, pages."""

from __future__ import annotations

from evistore.delivery import pages, routes, routes_evidence, routes_executions, routes_metrics, routes_quarantine
from evistore.delivery.ingest import Mode
from evistore.web.access import Access
from evistore.web.application import Part


def doors(access: Access, mode: Mode) -> list[Part]:
    """Everything that can be asked of delivery; what changes the quarantine is for whom *access* lets send."""
    rest = (routes.router, routes_metrics.router, routes_evidence.router, routes_executions.router)
    return [
        *(Part(router) for router in rest),
        Part(routes_quarantine.router(access, mode)),
        Part(pages.router(access, mode)),
    ]
