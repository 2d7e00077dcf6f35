"""Alarms ask for figures that there are."""

from __future__ import annotations

import re
from typing import get_args

import promql_parser
import pytest

from evistore.clusters.ingest import Outcome as ClusterOutcome
from evistore.delivery.ingest import Outcome
from fixtures.charts import CHART, rendered
from fixtures.grafana import DASHBOARDS
from fixtures.metrics_reference import shown, shown_of_clusters

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


def test_every_expression_is_one_of_prometheus(alerts):
    for expression in alerts.values():
        assert isinstance(promql_parser.parse(expression), promql_parser.BinaryExpr)


def test_every_figure_is_told_by_the_program_or_a_named_exporter(alerts):
    told = {one.name for one in [*shown(), *shown_of_clusters()]}
    asked = {name for text in alerts.values() for name in re.findall(r"\b((?:evistore|aggregator|kube|pg)_\w+)", text)}
    assert asked & FOREIGN == FOREIGN
    assert asked - FOREIGN - told == set()


def test_labels_that_alarms_look_at_are_those_of_their_figures(alerts):
    labels = {one.name: {*one.labels, "namespace"} for one in shown()}
    looked_at = {
        (name, label)
        for text in alerts.values()
        for name, chosen in re.findall(r"\b(evistore_\w+)\{([^}]*)\}", text)
        for label in re.findall(r"(\w+)\s*=~?", chosen)
    }
    assert {name for name, _ in looked_at} >= {"evistore_consumer_lag", "evistore_http_requests_total"}
    assert [(name, label) for name, label in looked_at if label not in labels[name]] == []


def test_dashboards_ask_the_database_and_no_figure_of_prometheus():
    kinds = {
        kind
        for path in DASHBOARDS
        for kind in re.findall(r'"type": "([\w-]*(?:datasource|prometheus)[\w-]*)"', path.read_text("utf-8"))
    }
    assert {kind for kind in kinds if "prometheus" in kind} == set()
    assert any("postgresql" in kind for kind in kinds)


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
