"""How fast events go in over HTTP, each answered only after its commit: events/s, p50 and p99, and the server's memory.

Starts a server of its own and sends it a generated history: first single events, then batches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from evistore.delivery.bench.ground import SEED, ground
from evistore.delivery.history import batches, history
from evistore.kernel.schema import Engine
from evistore.web.load import run, server

BATCH_CONCURRENCY = 8


@dataclass(slots=True)
class Figures:
    """What one run showed; latencies in milliseconds."""

    requests: int
    events: int
    events_per_s: float
    p50_ms: float
    p99_ms: float
    server_rss_mb: float
    server_cpu_share: float
    statuses: dict[int, int]


def requests(bodies: Iterable[bytes]) -> list[bytes]:
    """Whole requests, made before the clock starts."""
    head = (
        b"POST /cdevents HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    )
    return [head % (len(body), body) for body in bodies]


def measured(port: int, pid: int, every: list[bytes], *, events: int, concurrency: int) -> Figures:
    """Send *every* request, which hold so many *events*."""
    load = run(port, pid, every, concurrency=concurrency)
    return Figures(
        load.requests,
        events,
        round(events / load.seconds),
        load.p50_ms,
        load.p99_ms,
        load.server_rss_mb,
        load.server_cpu_share,
        load.statuses,
    )


def measure(
    server_url: str, number: int, *, engine: Engine | None = None, concurrency: int = 64, batch: int = 100
) -> dict[str, Figures]:
    """Send *number* single events and as many in batches of *batch*, each answered after its commit."""
    texts = history(events=2 * number, until=datetime.now(UTC), seed=SEED)
    single = requests(text.encode() for text in islice(texts, number))
    batched = requests(f"[{','.join(some)}]".encode() for some in batches(texts, batch))
    with ground(server_url, engine=engine) as database, server({"EVISTORE_DATABASE_URL": database.url}) as (port, pid):
        return {
            "single": measured(port, pid, single, events=number, concurrency=concurrency),
            "batched": measured(port, pid, batched, events=number, concurrency=BATCH_CONCURRENCY),
        }
