"""Pages of the delivery evidence: what is going on, what runs where, and the event and subject behind every number."""

from __future__ import annotations

from fastapi import APIRouter

from evistore.delivery import (
    pages_artifacts,
    pages_changes,
    pages_events,
    pages_evidence,
    pages_how,
    pages_incidents,
    pages_overview,
    pages_quarantine,
    pages_runs,
    pages_service,
    pages_services,
    pages_sources,
    pages_subjects,
    pages_tests,
)
from evistore.delivery.ingest import Mode
from evistore.delivery.pages_tables import rest_href, subject_href
from evistore.delivery.services import short
from evistore.web.access import Access
from evistore.web.pages import Pages


def router(access: Access, mode: Mode) -> APIRouter:
    """Every page; those that change the quarantine are for whom *access* lets send, and take in again by *mode*."""
    pages = Pages("evistore.delivery", subject_href=subject_href, rest_href=rest_href, short=short)
    routes = pages.router()
    for part in (
        pages_overview,
        pages_changes,
        pages_services,
        pages_service,
        pages_evidence,
        pages_incidents,
        pages_runs,
        pages_tests,
        pages_artifacts,
        pages_events,
        pages_subjects,
        pages_sources,
        pages_how,
    ):
        part.add_to(routes, pages)
    pages_quarantine.add_to(routes, pages, access, mode)
    return routes
