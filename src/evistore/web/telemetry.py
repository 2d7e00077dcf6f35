"""What Prometheus reads of the HTTP server. Labels come from short, fixed lists; nothing a caller chooses becomes one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from evistore.kernel.replica import Standing

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


class Telemetry:
    """The metrics of one application."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        """Count from zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "evistore_http_requests",
            "Requests answered, by method, route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "evistore_http_request_seconds",
            "Time from the head of a request to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._events = Counter(
            "evistore_http_events",
            "Events received over HTTP, by what became of them.",
            ("outcome",),
            registry=self.registry,
        )
        self._group = Histogram(
            "evistore_commit_group_events", "Events stored by one commit.", buckets=_SIZES, registry=self.registry
        )
        self._commit = Histogram(
            "evistore_commit_seconds", "Time that one commit took.", buckets=_SECONDS, registry=self.registry
        )
        self.waiting = Gauge("evistore_commit_waiting_events", "Events that wait for a writer.", registry=self.registry)
        self._request_of = lru_cache(maxsize=4096)(self._requests.labels)
        self._seconds_of = lru_cache(maxsize=1024)(self._seconds.labels)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request to *route*, which is a template (``/subjects/{id}``), never a path."""
        self._request_of(method if method in _METHODS else "other", route, str(status)).inc()
        self._seconds_of(route).observe(seconds)

    def events(self, outcomes: Iterable[str]) -> None:
        """Count events by what became of them."""
        for outcome in outcomes:
            self._events.labels(outcome).inc()

    def commit(self, items: int, seconds: float) -> None:
        """Count one commit of *items* events."""
        self._group.observe(items)
        self._commit.observe(seconds)

    def follow(self, standing: Callable[[], Standing]) -> None:
        """Tell how the replica does that readers are to ask."""
        reads = Gauge("evistore_replica_reads", "Whether readers ask the replica: 1 or 0.", registry=self.registry)
        reads.set_function(lambda: float(standing().reads))
        behind = Gauge(
            "evistore_replica_lag_seconds", "How far the replica is behind; NaN: not known.", registry=self.registry
        )
        behind.set_function(lambda: _known(standing().lag_seconds))

    def page(self) -> bytes:
        """All metrics, in Prometheus's text format."""
        return generate_latest(self.registry)


def _known(seconds: float | None) -> float:
    return math.nan if seconds is None else seconds
