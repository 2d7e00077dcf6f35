"""Alarms ask for figures that there are."""

from __future__ import annotations

import re
from typing import get_args

import promql_parser
import pytest
from prometheus_client import REGISTRY

from evistore.clusters.ingest import Outcome as ClusterOutcome
from evistore.delivery.ingest import Outcome
from evistore.delivery.standing import Standing
from evistore.kernel import consumer
from evistore.kernel.database import Database
from evistore.web.telemetry import Telemetry
from fixtures.charts import CHART, rendered

FOREIGN = {
    "kube_cronjob_status_last_successful_time",
    "kube_deployment_status_replicas_available",
    "kube_job_status_failed",
    "pg_replication_lag_seconds",
}
"""Those of kube-state-metrics and postgres_exporter."""


@pytest.fixture(scope="module")
def alerts() -> dict[str, str]:
    groups = rendered(CHART / "examples/production.yaml").of("PrometheusRule")["spec"]["groups"]
    return {rule["alert"]: rule["expr"] for group in groups for rule in group["rules"]}


def names(registry) -> set[str]:
    return {f"{one.name}_total" if one.type == "counter" else one.name for one in registry.collect()}


def test_every_expression_is_one_of_prometheus(alerts):
    for expression in alerts.values():
        assert isinstance(promql_parser.parse(expression), promql_parser.BinaryExpr)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_every_figure_is_told_by_the_program_or_a_named_exporter(alerts, delivery_url):
    telemetry = Telemetry()
    with Database(delivery_url) as database:
        telemetry.registry.register(Standing(database))
        told = names(telemetry.registry) | names(REGISTRY)
    assert consumer.LAG._name in told
    asked = {name for text in alerts.values() for name in re.findall(r"\b((?:evistore|kube|pg)_\w+)", text)}
    assert asked & FOREIGN == FOREIGN
    assert asked - FOREIGN - told == set()


def test_what_is_looked_for_is_alarmed_about(alerts):
    text = " ".join(alerts.values())
    for wanted in ("consumer_lag", "outcome", "silent_sources", "maintain", "replication_lag"):
        assert wanted in text, wanted


def test_refused_messages_are_those_that_the_program_calls_so(alerts):
    known = {*get_args(Outcome), *get_args(ClusterOutcome), "set-aside"}
    asked = [set(words.split("|")) for words in re.findall(r'outcome=~"([^"]+)"', alerts["EvistoreRejects"])]
    assert asked
    assert set.union(*asked) <= known
    assert set.union(*asked) == known - {"stored", "duplicate", "older", "repeated", "skipped"}
