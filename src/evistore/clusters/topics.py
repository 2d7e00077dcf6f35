"""The topics of messages about clusters: what is done with each, and how it is measured."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from prometheus_client import REGISTRY

from evistore.clusters import CLUSTERS
from evistore.clusters.consuming import Copies, kafka_handler, rules_of
from evistore.clusters.ingest import Kind
from evistore.clusters.telemetry import Telemetry
from evistore.kernel.messages import Route
from evistore.kernel.settings import Settings


@contextmanager
def routes(settings: Settings) -> Generator[dict[str, Route]]:
    """What is done with messages about clusters, by topic; measured meanwhile.

    Raises:
        Misconfigured: the file of organisations cannot be read.
    """
    rules, copies = rules_of(settings), Copies.of(settings)
    kinds: list[tuple[Kind, list[str]]] = [
        ("report", settings.kafka_report_topics),
        ("workloads", settings.kafka_workload_topics),
    ]
    telemetry = Telemetry(settings.clusters_metrics_namespace, [topic for _, topics in kinds for topic in topics])
    handlers = {kind: kafka_handler(kind, rules, copies, telemetry.observe) for kind, _ in kinds}
    REGISTRY.register(telemetry)
    try:
        yield {topic: Route(CLUSTERS.name, handlers[kind]) for kind, topics in kinds for topic in topics}
    finally:
        REGISTRY.unregister(telemetry)
