"""What Prometheus reads of the REST interface, under the names of clients' dashboards. Labels are operations and statuses, no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_VOTES = frozenset({"like", "dislike", "reset_vote"})
_RATINGS = frozenset({"rate"})
_OK = 200


class Metrics(Collector):
    """The measurements of one interface."""

    media_type = CONTENT_TYPE_LATEST.encode()

    def __init__(self, namespace: str) -> None:
        """Measure under names that begin with *namespace*, two of them apart, which never did."""
        self._prefix = f"{namespace}_" if namespace else ""
        self._statuses: Counter[tuple[str, int]] = Counter()
        self._registry = CollectorRegistry()
        self._response = Histogram(
            f"{self._prefix}api_endpoints_response_time",
            "Seconds from the head of a request to its answer.",
            ("endpoint",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._sql = Histogram(
            f"{self._prefix}sql_queries_durations",
            "Seconds in which the database was asked and its answer written, by operation.",
            ("query",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    def answered(self, operation: str, status: int, seconds: float) -> None:
        """Count one answer of *operation*, which took that long."""
        self._statuses[operation, status] += 1
        self._response.labels(operation).observe(seconds)

    def asked(self, operation: str, seconds: float) -> None:
        """Count one question of *operation* to the database, which took that long. For any thread."""
        self._sql.labels(operation).observe(seconds)

    def page(self) -> bytes:
        """All measurements in Prometheus's text format."""
        return generate_latest(self._registry)

    def describe(self) -> Iterator[Metric]:
        """The names, without values."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The counts as they stand. They have no type: one of counters would change their names."""
        statuses = dict(self._statuses)
        requests = _untyped(f"{self._prefix}api_endpoints_requests", "Requests, by operation.")
        codes = _untyped(f"{self._prefix}api_endpoints_status_codes", "Answers, by operation and status.")
        totals: Counter[str] = Counter()
        for (operation, status), count in statuses.items():
            totals[operation] += count
            codes.add_sample(codes.name, {"endpoint": operation, "status_code": str(status)}, count)
        for operation, count in totals.items():
            requests.add_sample(requests.name, {"endpoint": operation}, count)
        yield requests
        yield codes
        yield _single(f"{self._prefix}sql_queries_counter", "Questions to the database.", self._questions())
        yield _single("feedback_on_rules", "Votes on hits.", _good(statuses, _VOTES))
        yield _single("rating_on_rules", "Ratings of recommendations.", _good(statuses, _RATINGS))

    def _questions(self) -> int:
        samples = (sample for family in self._sql.collect() for sample in family.samples)
        return int(sum(sample.value for sample in samples if sample.name.endswith("_count")))


def _good(statuses: dict[tuple[str, int], int], operations: frozenset[str]) -> int:
    return sum(count for (name, status), count in statuses.items() if status == _OK and name in operations)


def _single(name: str, about: str, value: int) -> Metric:
    metric = _untyped(name, about)
    metric.add_sample(name, {}, value)
    return metric


def _untyped(name: str, about: str) -> Metric:
    return Metric(name, about, "untyped")
