"""How fast pages are answered by a server of their own, one request at a time: milliseconds at the median."""

from __future__ import annotations

from urllib.parse import urlencode

from evistore.delivery.bench.ground import SQL
from evistore.kernel.database import Database
from evistore.web.load import run, server

PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "overview": ("/", {}),
    "overview of 90 days": ("/", {"last": "90d"}),
    "services": ("/services", {}),
    "one service": ("/service", {"id": "service", "last": "90d"}),
    "artifacts": ("/artifacts", {}),
    "one artifact": ("/artifact", {"id": "artifact"}),
    "changes": ("/changes", {"last": "90d"}),
    "deployments": ("/deployments", {"last": "90d"}),
    "pipelines": ("/pipelines", {"last": "90d"}),
    "tasks": ("/tasks", {"last": "90d"}),
    "builds": ("/builds", {"last": "90d"}),
    "test suites": ("/suites", {"last": "90d"}),
    "tests": ("/tests", {"last": "90d"}),
    "flaky tests": ("/flaky", {"last": "90d"}),
    "stuck runs": ("/stuck", {}),
    "incidents": ("/incidents", {"last": "90d"}),
    "tickets": ("/tickets", {"last": "90d"}),
    "events": ("/events", {"last": "90d"}),
    "one event": ("/event/{position}", {}),
    "subjects": ("/subjects/pipelinerun", {}),
    "one subject": ("/subject", {"type": "pipelinerun", "id": "run"}),
    "quarantine": ("/quarantine", {}),
    "sources": ("/sources", {"last": "90d"}),
}
"""Path and query by the name of the page; an id stands for that of a thing of the history."""


def page_times(database: Database, things: dict[str, str], *, rounds: int) -> dict[str, float]:
    """The median of each page of :data:`PAGES`, of the service, artifact, run and position in *things*.

    Raises:
        ValueError: a page was not answered with 200.
    """
    with database.session() as session:
        session.execute(SQL["count_activity"])
    took: dict[str, float] = {}
    with server({"EVISTORE_DATABASE_URL": database.url, "EVISTORE_WEBHOOKS": "false"}) as (port, pid):
        for name, (path, query) in PAGES.items():
            asked = _request(path.format(**things), {key: things.get(value, value) for key, value in query.items()})
            run(port, pid, [asked] * (rounds // 2), concurrency=1)  # plans, of each of its sessions
            load = run(port, pid, [asked] * rounds, concurrency=1)
            if set(load.statuses) != {200}:
                raise ValueError(f"{path} was answered with {load.statuses}")
            took[name] = load.p50_ms
    return took


def _request(path: str, query: dict[str, str]) -> bytes:
    address = f"{path}?{urlencode(query)}" if query else path
    return f"GET {address} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode()
