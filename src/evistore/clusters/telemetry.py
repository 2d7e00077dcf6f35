"""What a consumer of messages about clusters tells Prometheus.

The names are those that dashboards of the Insights Results Aggregator ask for, after a prefix. They are read off the kernel's own counts at each
scrape, so that nothing is counted that a rollback undid; labels have a short, fixed list of values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from prometheus_client import REGISTRY, CollectorRegistry, Histogram
from prometheus_client.core import SummaryMetricFamily, UnknownMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from evistore.clusters.ingest import Receipt

_MINUTES = (1, 5, 15, 60, 240, 1440, 10_080)
_FAILED = frozenset({"faulty", "set-aside"})

Observe = Callable[[Sequence[Receipt], datetime], None]
"""Hears what became of a batch of messages, and when it was read (UTC)."""


class Telemetry(Collector):
    """The measurements of one consumer process."""

    def __init__(self, namespace: str, topics: Sequence[str], *, registry: CollectorRegistry = REGISTRY) -> None:
        """Measure what is read from *topics*, under names that begin with *namespace*."""
        self._prefix = f"{namespace}_" if namespace else ""
        self._topics = frozenset(topics)
        self._registry = registry
        self._lag = Histogram(
            f"{self._prefix}last_checked_timestamp_lag_minutes",
            "Minutes from LastChecked of a message to its reading; a batch that is tried again counts again.",
            buckets=_MINUTES,
            registry=None,
        )

    def observe(self, receipts: Sequence[Receipt], read_at: datetime) -> None:
        """Note how old the messages of *receipts* were at *read_at* (UTC)."""
        for receipt in receipts:
            checked = receipt.envelope.last_checked_at
            if checked is not None:
                self._lag.observe(max(0.0, (read_at - checked).total_seconds() / 60))

    def describe(self) -> Iterator[Metric]:
        """The names, without values."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The measurements as they stand."""
        outcomes = self._outcomes()
        failed = sum(count for outcome, count in outcomes.items() if outcome in _FAILED)
        total = sum(outcomes.values())
        yield self._counter("consumed_messages", "Messages read and settled.", total)
        yield self._counter("consuming_errors", "Messages that were faulty.", failed)
        yield self._counter(
            "messages_with_empty_rule_execution_result", "Messages that say nothing.", outcomes.get("skipped", 0)
        )
        yield self._counter(
            "written_reports", "Messages that became the newest of their cluster.", outcomes.get("stored", 0)
        )
        yield self._counter(
            "produced_messages", "Messages sent to other topics.", self._sum("evistore_outbox_sent_total")
        )
        yield self._time("successful", total - failed)
        yield self._time("failed", failed)
        yield from self._lag.collect()

    def _time(self, word: str, count: float) -> Metric:
        """Seconds of all batches, of whatever topics, shared out to their messages alike: the share of *count* messages."""
        everything = self._sum("evistore_consumer_messages_total")
        seconds = self._sum("evistore_consumer_batch_seconds_sum") * count / everything if everything else 0.0
        about = f"Seconds that messages took which were {word}: their share of their batches."
        name = f"{self._prefix}{word}_messages_processing_time"
        return SummaryMetricFamily(name, about, count_value=int(count), sum_value=seconds)

    def _counter(self, name: str, about: str, value: float) -> Metric:
        # As a counter it would get another name: the library puts _total behind it.
        return UnknownMetricFamily(f"{self._prefix}{name}", about, value=value)

    def _outcomes(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for sample in self._samples("evistore_consumer_messages_total"):
            if sample.labels["topic"] in self._topics:
                found[sample.labels["outcome"]] = found.get(sample.labels["outcome"], 0) + sample.value
        return found

    def _sum(self, name: str) -> float:
        return sum(sample.value for sample in self._samples(name))

    def _samples(self, name: str) -> list[Sample]:
        restricted = self._registry.restricted_registry([name])
        return [sample for family in restricted.collect() for sample in family.samples if sample.name == name]
