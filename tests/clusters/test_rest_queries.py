"""Every read is one question: one statement, one trip to the database and back."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress

import psycopg
import pytest
from psycopg.pq import Trace

from evistore.clusters.doors import operations
from evistore.clusters.routes.call import Call
from evistore.clusters.routes.metrics import Metrics
from evistore.kernel.database import Database, Transaction
from evistore.kernel.desk import Desk
from evistore.kernel.errors import NotFound
from evistore.kernel.settings import Settings

CLUSTER = "0b6a3a0e-53e5-4b8f-9d8e-6f2f2c9d1a77"
VALUES = {
    "org_id": "1",
    "organization": "1",
    "cluster": CLUSTER,
    "clusters": f"{CLUSTER},{CLUSTER.upper()}",
    "rule_id": "ccx.a.report",
    "rule_selector": "ccx.a|EK1",
    "error_key": "EK1",
    "user_id": "12",
    "namespace": "A",
}
READERS = [
    one
    for one in operations(Settings(_env_file=None, clusters_debug=True), Metrics("aggregator"))
    if one.asks and not one.writes
]
WARM = 8  # by then the driver has prepared the statement


class Traced(Database):
    """A database whose one connection beside the pool can be listened to."""

    def connect(self):
        self.made = super().connect()
        return self.made


def called(operation):
    parts = {name: VALUES[name] for name in re.findall(r"\{(\w+)\}", operation.path)}
    if operation.name == "get_hit":
        parts["rule_id"] = "ccx.a.report|EK1"
    body = b""
    if operation.body is not None:
        body = json.dumps([CLUSTER] if "array" in operation.body.schema["type"] else {"clusters": [CLUSTER]}).encode()
    return Call(parts, body=body)


def trips(url, operation, path):
    """How often the database was asked by the last of several calls."""

    async def run():
        for number in range(WARM + 1):
            if number == WARM:
                database.made.pgconn.trace(trace.fileno())
                database.made.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
            try:
                await desk.ask(lambda tx: operation.handler(tx, called(operation)))
            except NotFound:
                assert operation.name in {"list_impacted_clusters", "get_acknowledgement", "get_rating"}
        database.made.pgconn.untrace()

    with path.open("w") as trace, Traced(url) as database:
        desk = Desk(database, size=1)
        desk.start()
        try:
            asyncio.run(run())
        finally:
            desk.stop()
    lines = [line.split("\t") for line in path.read_text().splitlines()]
    return [line[2] for line in lines if line[0] == "F"]


@pytest.fixture(scope="module")
def filled(insights):
    """A database in which most questions have an answer."""
    cluster = insights.report(1, CLUSTER)
    insights.hit(1, cluster)
    insights.insert("dvo.dvo_report", org_id=1, cluster_id=cluster, namespace_id="A", recommendations=1, objects=1)
    moments = {"added_at": "now", "updated_at": "now"}
    where = {"cluster_id": cluster, "rule_id": "ccx.a.report", "error_key": "EK1", "user_id": "12", "message": ""}
    insights.insert("public.cluster_rule_user_feedback", **where, **moments, user_vote=1, org_id="1")
    yield insights.server.database
    insights.ask("DELETE FROM public.report WHERE org_id = 1 RETURNING 1")
    insights.ask("DELETE FROM public.rule_hit WHERE org_id = 1 RETURNING 1")
    insights.ask("DELETE FROM public.recommendation WHERE org_id = 1 RETURNING 1")
    insights.ask("DELETE FROM dvo.dvo_report WHERE org_id = 1 RETURNING 1")


@pytest.mark.parametrize("operation", READERS, ids=[one.name for one in READERS])
def test_a_read_is_one_trip(filled, operation, tmp_path):
    assert trips(filled, operation, tmp_path / "trace") == ["Bind", "Describe", "Execute", "Sync"]


@pytest.mark.parametrize("operation", READERS, ids=[one.name for one in READERS])
def test_whoever_may_only_read_can_read(filled, operation):
    with psycopg.connect(filled, autocommit=True) as connection, suppress(NotFound):
        connection.execute("SET ROLE clusters_reader")
        assert operation.handler(Transaction(connection), called(operation)).status == 200


def test_all_reads_are_looked_at():
    assert {one.name for one in READERS} >= {
        "main",
        "info",
        "list_organizations",
        "list_clusters",
        "get_report",
        "get_report_info",
        "get_hit",
        "list_reports",
        "query_reports",
        "list_impacted_clusters",
        "query_recommendations",
        "query_clusters",
        "list_workloads",
        "query_workloads",
        "get_workloads",
    }
    assert all(one.method in {"GET", "POST"} for one in READERS)
