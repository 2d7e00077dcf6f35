"""How fast questions about clusters are answered over HTTP, and whether that grows with their number.

Two databases of their own, one after the other: 1,000 clusters, and many. One organisation has a tenth of them, the others 900 each. The client
keeps connections open and shares the machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any

from evistore.clusters.bench.consume import BYTES, HITS
from evistore.clusters.bench.ground import ground
from evistore.clusters.history.load import bench_messages
from evistore.clusters.ingest import Rules, read
from evistore.clusters.wire import Report
from evistore.kernel.database import Database
from evistore.kernel.statements import statements
from evistore.kernel.terminal import progress
from evistore.web.load import Load, run, server

SQL = statements("evistore.clusters", "bench")

SMALL = 1_000
PREFIX = "/api/v1/"
_LARGEST, _USUAL = 1, 2
_POINTS = frozenset({"report of a cluster", "reports of 100 clusters", "recommendations of 100 clusters"})
"""Questions whose answers are as long whatever the number of clusters."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Requests of one kind at one number of clusters; latencies in milliseconds."""

    requests_per_s: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests of one kind."""

    name: str
    small: Answers
    large: Answers
    ratio: float | None
    """p50 with many clusters against that with 1,000; ``None`` where the answer is longer with more."""
    queries: float
    """Statements of the database for each request."""


def measure(server_url: str, clusters: int, *, requests: int, concurrency: int) -> list[Figures]:
    """Ask *requests* of each kind, *concurrency* at a time, at 1,000 clusters and at so many *clusters*."""
    small = _measured(server_url, SMALL, requests, concurrency)
    large = _measured(server_url, clusters, requests, concurrency)
    return [
        Figures(
            name,
            one,
            large[name][0],
            round(large[name][0].p50_ms / one.p50_ms, 2) if name in _POINTS else None,
            round(max(queries, large[name][1]), 2),
        )
        for name, (one, queries) in small.items()
    ]


def _measured(server_url: str, clusters: int, requests: int, concurrency: int) -> dict[str, tuple[Answers, float]]:
    with ground(server_url) as database:
        _fill(database, clusters)
        every = _requests(database, requests)
        environment = {
            "EVISTORE_DATABASE_URL": database.url,
            "EVISTORE_CLUSTERS_DATABASE_URL": database.url,
            "EVISTORE_CLUSTERS_API_PREFIXES": PREFIX,
            "EVISTORE_CLUSTERS_AUTH": "false",
            "EVISTORE_WEBHOOKS": "false",
        }
        with server(environment) as (port, pid):
            found: dict[str, tuple[Answers, float]] = {}
            for name, asked in every.items():
                before = _transactions(database)
                warm = run(port, pid, asked[:200], concurrency=concurrency)  # plans and pages, and sessions made anew
                load = run(port, pid, asked, concurrency=concurrency)
                queries = (_transactions(database) - before) / (warm.requests + load.requests)
                found[name] = (_answers(load), queries)
    return found


def _answers(load: Load) -> Answers:
    """The figures of *load*.

    Raises:
        ValueError: not everything was answered with 200.
    """
    if load.statuses.keys() != {200}:
        raise ValueError(f"a measurement was answered with {load.statuses}")
    return Answers(round(load.requests / load.seconds), load.p50_ms, load.p99_ms)


def _transactions(database: Database) -> int:
    """How many the database has had. The sessions of the server end first: as long as they idle, they may keep their counts for ten seconds."""
    with database.transaction() as tx:
        tx.value(SQL["end_sessions"])
    with database.transaction(read_only=True) as tx:
        return tx.value(SQL["transactions"])


def _fill(database: Database, clusters: int) -> None:
    messages = bench_messages(50, until=datetime.now(UTC), hits=HITS, size=BYTES, clusters=50)
    readings = [read("report", message, Rules()) for message in messages]
    reports = [one.report for one in readings if isinstance(one, Report)]
    with progress("clusters", clusters) as told:
        for first in range(1, clusters + 1, 5_000):
            last = min(first + 4_999, clusters)
            with database.transaction() as tx:
                tx.run(SQL["fill"], reports=reports, first=first, last=last)
            told.count(last - first + 1)
    with database.session() as session:
        session.execute(SQL["settle"])


def _requests(database: Database, number: int) -> dict[str, list[bytes]]:
    with database.transaction(read_only=True) as tx:
        others = [(row["org_id"], row["cluster"]) for row in tx.rows(SQL["others"], most=2_000)]
        own = tx.values(SQL["organization"], org=_USUAL, most=100)
        rule = tx.value(SQL["rule"], org=_USUAL)
    kinds: dict[str, Callable[[], Iterator[bytes]]] = {
        "report of a cluster": lambda: (
            _get(f"organizations/{org}/clusters/{cluster}/users/1/report") for org, cluster in cycle(others)
        ),
        "reports of 100 clusters": lambda: cycle(
            [_post(f"organizations/{_USUAL}/clusters/reports", {"clusters": own})]
        ),
        "clusters of an organization": lambda: cycle([_get(f"organizations/{_LARGEST}/clusters")]),
        "recommendations of 100 clusters": lambda: cycle(
            [_post(f"clusters/organizations/{_USUAL}/users/1/recommendations", own)]
        ),
        "clusters hit by one rule": lambda: cycle(
            [_get(f"rules/{rule.replace('|', '%7C')}/organizations/{_USUAL}/users/1/clusters_detail")]
        ),
    }
    large = {"reports of 100 clusters", "clusters of an organization", "clusters hit by one rule"}
    return {
        name: list(islice(make(), max(200, number // 10) if name in large else number)) for name, make in kinds.items()
    }


def _get(path: str) -> bytes:
    return f"GET {PREFIX}{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def _post(path: str, body: Any) -> bytes:
    content = json.dumps(body).encode()
    head = f"POST {PREFIX}{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content
