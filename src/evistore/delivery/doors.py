"""The doors out over HTTP, as parts of the application: REST, quarantine, pages."""

from __future__ import annotations

from evistore.delivery import pages, routes, routes_quarantine
from evistore.delivery.ingest import Mode
from evistore.web.access import Access
from evistore.web.application import Part


def doors(access: Access, mode: Mode) -> list[Part]:
    """Everything that can be asked of delivery; what changes the quarantine is for whom *access* lets send."""
    return [Part(routes.router), Part(routes_quarantine.router(access, mode)), Part(pages.router(access, mode))]
