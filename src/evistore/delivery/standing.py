"""What Prometheus reads of the evidence itself, beside what a process did: for alarms."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Lock

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from evistore.delivery import executions
from evistore.kernel.database import Database
from evistore.kernel.errors import Fault

SECONDS = 60.0


class Standing(Collector):
    """The number of silent sources, asked for at most once in *seconds*. While the database does not answer it is not among the metrics."""

    def __init__(
        self, database: Database, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing is asked before the first scrape."""
        self._database = database
        self._seconds = seconds
        self._clock = clock
        self._lock = Lock()
        self._until = float("-inf")
        self._silent: int | None = None

    def describe(self) -> Iterator[Metric]:
        """No names ahead: whoever registers this must not have to wait for the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The figures, at most *seconds* old."""
        with self._lock:
            if self._clock() >= self._until:
                self._silent = self._asked()
                self._until = self._clock() + self._seconds
            silent = self._silent
        if silent is not None:
            yield silent_sources(silent)

    def _asked(self) -> int | None:
        try:
            with self._database.transaction(read_only=True) as tx:
                return sum(one.silent is True for one in executions.silent_sources(tx))
        except Fault:
            return None  # /ready says why; a scrape shows what there is


def silent_sources(value: int) -> Metric:
    """How many sources are silent, for Prometheus."""
    about = "Sources that sent events by a rhythm and have fallen silent."
    return GaugeMetricFamily("evistore_silent_sources", about, value=value)
