"""SQL that people have in dashboards of their own runs as it is, on both engines, for a login that may only read, and means the same.

The kinds of SQL are those of the contract's section 5: names without a schema, `time_bucket`, `last`, percentiles, SIMILAR TO, LATERAL, operators of
jsonb on payloads, the views and the functions of the graph, and all that with Grafana's macros and variables in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest

from evistore.contexts import CONTEXTS
from evistore.kernel.migrations import migrate
from fixtures.databases import template
from fixtures.grafana import ALL, Request, expanded
from fixtures.histories import moment, runs, store, told
from fixtures.reading import Reader, reader

pytestmark = pytest.mark.parametrize("engine", ["native", "native15", "timescale"], indirect=True)

SHOP = "pkg:oci/shop@sha256:1"
VARIABLES = {
    "environment": {"multi": True, "includeAll": True},
    "service": {"multi": True, "includeAll": True, "allValue": "'%'"},
    "pattern": {},
}
ASKED = Request(
    moment("00:00"),
    moment("2026-03-21T00:00:00+00:00"),
    "1h",
    {"environment": ["prod", "stage"], "service": "shop", "pattern": "%(ci|github)%", "artifact": SHOP},
)


def happened() -> Iterator[dict]:
    """One day of a small shop."""
    for number, (begin, end, outcome) in enumerate(
        (("09:00", "09:10", "success"), ("10:00", "10:30", "failure"), ("11:00", "11:20", "success"))
    ):
        run = f"run-{number}"
        yield told("pipelinerun.queued", run, f"0{8 + number}:55" if number < 2 else "10:55", source="/ci/one")
        yield told("pipelinerun.started", run, begin, pipelineName="ship", uri=f"/runs/{number}", source="/ci/one")
        yield told("pipelinerun.finished", run, end, pipelineName="ship", outcome=outcome, source="/ci/one")
    yield told("taskrun.started", "task-1", "09:01", taskName="compile", pipelineRun={"id": "run-0"}, source="/ci/one")
    yield told("taskrun.finished", "task-1", "09:05", taskName="compile", outcome="success", source="/ci/one")
    case = {"testCase": {"id": "case-a", "name": "Case A"}, "environment": {"id": "stage"}}
    yield told("testcaserun.started", "case-run-1", "12:00", **case)
    yield told("testcaserun.finished", "case-run-1", "12:01", outcome="pass", **case)
    suite = {"testSuite": {"id": "suite-a", "name": "Suite A"}, "environment": {"id": "stage"}}
    yield told("testsuiterun.finished", "suite-run-1", "12:05", outcome="fail", **suite)
    yield told("change.merged", "change-1", "08:00", repository={"id": "shop-repo"}, source="github.com/shop")
    links = {"links": [{"linkkind": "trigger", "subject": {"id": "run-0", "type": "pipelinerun"}}]}
    yield told(
        "artifact.packaged", SHOP, "09:08", custom=links, change={"id": "change-1", "repository": {"id": "shop-repo"}}
    )
    yield told("artifact.published", SHOP, "09:09")
    yield runs("shop", "stage", SHOP, "13:00")
    yield runs("shop", "prod", SHOP, "14:00")
    yield runs("cart", "prod", "pkg:oci/cart@sha256:2", "14:30", "upgraded")
    yield told("incident.detected", "incident-1", "15:00", service={"id": "shop"}, environment={"id": "prod"})
    yield told("incident.resolved", "incident-1", "15:45", service={"id": "shop"}, environment={"id": "prod"})
    yield told(
        "ticket.created", "ticket-1", "15:05", ticketType="bug", uri="https://tickets/1", ticketURI="https://tickets/1"
    )
    yield told("ticket.closed", "ticket-1", "16:05", ticketType="bug", resolution="fixed", uri="https://tickets/1")


@pytest.fixture(scope="module")
def somebody(engine) -> Iterator[Reader]:
    """Who may only read that day."""
    url = engine.fresh_database(template(engine))
    migrate(url, CONTEXTS)
    with psycopg.connect(url, autocommit=True) as connection:
        assert set(store(connection, *happened())) == {"stored"}
    with reader(engine, url) as who:
        yield who
    engine.discard(url)


def at(clock: str) -> datetime:
    return moment(clock).astimezone(UTC)


def ask(who: Reader, sql: str, **chosen):
    return who.ask(expanded(sql, ASKED.choosing(**chosen), VARIABLES)).rows


LAKE = {
    "events by time bucket and kind": (
        """SELECT time_bucket('6 hours', timestamp) AS time, subject AS metric, count(*) AS value
             FROM cdevents_lake WHERE $__timeFilter(timestamp) AND subject IN ('pipelinerun', 'service') GROUP BY 1, 2 ORDER BY 1, 2""",
        [(at("06:00"), "pipelinerun", 9), (at("12:00"), "service", 3)],
    ),
    "time bucket of the interval": (
        """SELECT time_bucket('$__interval', timestamp) AS "time", count(*) FROM cdviz.cdevents_lake
            WHERE predicate = 'deployed' GROUP BY time ORDER BY time""",
        [(at("13:00"), 1), (at("14:00"), 1)],
    ),
    "weeks begin on Monday": (
        "SELECT DISTINCT time_bucket(INTERVAL '1 week', timestamp) FROM cdevents_lake",
        [(moment("2026-03-16T00:00:00+00:00"),)],
    ),
    "time group": (
        "SELECT $__timeGroup(timestamp, '12h'), count(*) FROM cdevents_lake WHERE subject = 'ticket' GROUP BY 1 ORDER BY 1",
        [(Decimal(at("12:00").timestamp()), 2)],
    ),
    "time group with alias": (
        """SELECT $__timeGroupAlias("timestamp", $__interval), count(*) AS "events" FROM cdevents_lake
            WHERE $__timeFilter("timestamp") AND subject = 'incident' GROUP BY 1 ORDER BY 1""",
        [(Decimal(at("15:00").timestamp()), 2)],
    ),
    "epoch filter": (
        """SELECT count(*) FROM (SELECT extract(epoch from timestamp)::bigint AS at FROM cdevents_lake WHERE subject = 'service') AS s
            WHERE $__unixEpochFilter(at) AND at >= $__unixEpochFrom()""",
        [(3,)],
    ),
    "last outcome of each run": (
        """SELECT payload -> 'subject' ->> 'id' AS id, last(payload -> 'subject' -> 'content' ->> 'outcome', timestamp) AS outcome,
                  last(predicate, timestamp) AS predicate, max(timestamp) AS at
             FROM cdevents_lake WHERE subject = 'pipelinerun' GROUP BY 1 ORDER BY 1""",
        [
            ("run-0", "success", "finished", at("09:10")),
            ("run-1", "failure", "finished", at("10:30")),
            ("run-2", "success", "finished", at("11:20")),
        ],
    ),
    "last of numbers, documents and times": (
        """SELECT last(version[1], timestamp), last(payload, timestamp) #>> '{subject,id}', last(timestamp, timestamp)
             FROM cdevents_lake WHERE subject = 'ticket'""",
        [(2, "ticket-1", at("16:05"))],
    ),
    "versions count from 0": (
        "SELECT DISTINCT version[0] || '.' || version[1] || '.' || version[2] FROM cdevents_lake WHERE version[0] = 0",
        [("0.2.0",)],
    ),
    "sources by a pattern": (
        """SELECT DISTINCT payload -> 'context' ->> 'source' AS source FROM cdevents_lake
            WHERE payload -> 'context' ->> 'source' SIMILAR TO '$pattern' ORDER BY 1""",
        [("/ci/one",), ("/ci/test",), ("github.com/shop",)],
    ),
    "links one by one": (
        """SELECT l.payload #>> '{subject,id}' AS artifact, link ->> 'linkkind' AS kind, link -> 'subject' ->> 'id' AS target
             FROM cdevents_lake l, LATERAL jsonb_array_elements(l.payload -> 'customData' -> 'links') AS link WHERE l.subject = 'artifact'""",
        [(SHOP, "trigger", "run-0")],
    ),
    "deployments in chosen environments": (
        """SELECT timestamp, payload #>> '{subject,id}' AS service, payload #>> '{subject,content,environment,id}' AS environment,
                  payload #>> '{subject,content,artifactId}' AS artifact
             FROM cdevents_lake
            WHERE subject = 'service' AND predicate IN ('deployed', 'upgraded') AND $__timeFilter(timestamp)
              AND payload -> 'subject' -> 'content' -> 'environment' ->> 'id' IN ($environment) AND payload #>> '{subject,id}' LIKE '${service:raw}'
            ORDER BY timestamp""",
        [(at("13:00"), "shop", "stage", SHOP), (at("14:00"), "shop", "prod", SHOP)],
    ),
    "what runs where, by a LATERAL of the newest": (
        """SELECT s.service, s.environment, d.artifact
             FROM (SELECT DISTINCT payload #>> '{subject,id}' AS service, payload #>> '{subject,content,environment,id}' AS environment
                     FROM cdevents_lake WHERE subject = 'service') AS s
             JOIN LATERAL (SELECT payload #>> '{subject,content,artifactId}' AS artifact FROM cdevents_lake
                            WHERE subject = 'service' AND payload #>> '{subject,id}' = s.service
                              AND payload #>> '{subject,content,environment,id}' = s.environment ORDER BY timestamp DESC LIMIT 1) AS d ON true
            ORDER BY 1, 2""",
        [("cart", "prod", "pkg:oci/cart@sha256:2"), ("shop", "prod", SHOP), ("shop", "stage", SHOP)],
    ),
    "payloads that contain something": (
        """SELECT context_id IS NOT NULL, payload ? 'subject', payload @? '$.subject.content.outcome' FROM cdevents_lake
            WHERE payload @> '{"subject": {"content": {"testCase": {"id": "case-a"}}}}' ORDER BY timestamp""",
        [(True, True, False), (True, True, True)],
    ),
    "environments to choose from": (
        """SELECT DISTINCT payload -> 'subject' -> 'content' -> 'environment' ->> 'id' AS __text FROM cdevents_lake
            WHERE payload -> 'subject' -> 'content' -> 'environment' ->> 'id' IS NOT NULL ORDER BY 1""",
        [("prod",), ("stage",)],
    ),
    "repositories": (
        "SELECT DISTINCT payload #>> '{subject,content,repository,id}' FROM cdviz.cdevents_lake WHERE subject = 'change'",
        [("shop-repo",)],
    ),
    "what came in lately": (
        "SELECT count(*) FROM cdevents_lake WHERE imported_at >= now() - interval '1 hour' AND subject = 'incident'",
        [(2,)],
    ),
}
VIEWS = {
    "percentiles of pipelines by name": (
        """SELECT last_payload -> 'subject' -> 'content' ->> 'pipelineName' AS pipeline,
                  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at)) AS p50,
                  percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - queued_at)) AS queue
             FROM pipelinerun WHERE $__timeFilter(finished_at) GROUP BY 1""",
        [("ship", 1200.0, 300.0)],
    ),
    "failures of pipelines": (
        """SELECT time_bucket('1 day', finished_at) AS time, count(*) FILTER (WHERE outcome = 'failure')::float / count(*) AS rate
             FROM cdviz.pipelinerun WHERE finished_at IS NOT NULL GROUP BY 1""",
        [(at("00:00"), pytest.approx(1 / 3))],
    ),
    "tasks": (
        """SELECT subject_id, outcome, finished_at - started_at AS took, last_payload #>> '{subject,content,taskName}' FROM taskrun""",
        [("task-1", "success", timedelta(minutes=4), "compile")],
    ),
    "test cases": (
        """SELECT last_payload -> 'subject' -> 'content' -> 'testCase' ->> 'id', last_payload #>> '{subject,content,testCase,name}',
                  last_payload #>> '{subject,content,outcome}', skipped_at FROM testcaserun""",
        [("case-a", "Case A", "pass", None)],
    ),
    "test suites": (
        "SELECT last_payload #>> '{subject,content,testSuite,name}', finished_at FROM testsuiterun WHERE finished_at IS NOT NULL",
        [("Suite A", at("12:05"))],
    ),
    "the way of an artifact": (
        "SELECT * FROM (SELECT packaged_at, signed_at, published_at, downloaded_at, deleted_at FROM artifact WHERE subject_id = '$artifact') AS a",
        [(at("09:08"), None, at("09:09"), None, None)],
    ),
    "services": (
        "SELECT subject_id, deployed_at, upgraded_at, rolledback_at, removed_at FROM service ORDER BY subject_id",
        [("cart", None, at("14:30"), None, None), ("shop", at("14:00"), None, None, None)],
    ),
    "how long incidents lasted": (
        """SELECT $__time(detected_at), extract(epoch FROM resolved_at - detected_at)::float AS seconds FROM incident
            WHERE $__timeFilter(detected_at) ORDER BY 1""",
        [(at("15:00"), 2700.0)],
    ),
    "tickets": (
        """SELECT subject_id, last_payload -> 'subject' -> 'content' ->> 'ticketType', last_payload #>> '{subject,content,resolution}',
                  last_payload #>> '{subject,content,uri}', closed_at - created_at FROM ticket""",
        [("ticket-1", "bug", "fixed", "https://tickets/1", timedelta(hours=1))],
    ),
    "builds": ("SELECT subject_id, queued_at, started_at, finished_at, last_payload FROM build", []),
}
GRAPH = {
    "what an artifact came of": (
        "SELECT node_id, node_type, depth, array_to_string(path, '>') FROM cdviz.graph_ancestors('$artifact') WHERE node_type = 'pipelinerun'",
        [("run-0", "pipelinerun", 1, f"{SHOP}>run-0")],
    ),
    "what depends on it": (
        "SELECT node_id, depth FROM graph_descendants('${artifact}', 3) WHERE node_type = 'service'",
        [("shop", 1)],
    ),
    "nodes and edges of a picture": (
        """SELECT e.from_node_id AS source, e.to_node_id AS target, e.relation AS "mainStat", n.node_type, e.event_timestamp,
                  e.id IS NOT NULL, e.source_event_id IS NOT NULL
             FROM graph_edges e JOIN graph_nodes n ON n.node_id = e.to_node_id
            WHERE e.from_node_id = 'shop' AND e.relation = 'deployedTo' ORDER BY 2""",
        [
            ("shop", "prod", "deployedTo", "environment", at("14:00"), True, True),
            ("shop", "stage", "deployedTo", "environment", at("13:00"), True, True),
        ],
    ),
    "steps back with their times": (
        """SELECT a.node_id, min(l.timestamp) FROM cdviz.graph_ancestors('$artifact', 5) a
             JOIN cdevents_lake l ON l.payload #>> '{subject,id}' = a.node_id WHERE a.depth > 0 GROUP BY 1 ORDER BY 2""",
        [("change-1", at("08:00")), ("run-0", at("08:55"))],
    ),
    "properties of nodes": (
        """SELECT node_id, properties ->> 'pipelineName' FROM cdviz.graph_nodes
            WHERE node_type = 'pipelinerun' AND first_seen_at < '2026-03-20T09:00:00Z'""",
        [("run-0", "ship")],
    ),
}
CASES = LAKE | VIEWS | GRAPH


@pytest.mark.parametrize("name", CASES)
def test_sql_of_others_runs_as_it_is(somebody, name):
    sql, expected = CASES[name]
    assert ask(somebody, sql) == expected


@pytest.mark.parametrize("choice", ["prod", ["prod"], ["prod", "stage"], ["no'body"]], ids=str)
def test_variables_of_others_may_have_one_value_or_several(somebody, choice):
    sql, _ = LAKE["deployments in chosen environments"]
    found = [row[2] for row in ask(somebody, sql, environment=choice)]

    assert found == [one for one in ("stage", "prod") if one in choice]


def test_all_may_be_a_pattern(somebody):
    assert len(ask(somebody, "SELECT FROM service WHERE subject_id LIKE $service", service=ALL)) == 2


@pytest.mark.parametrize("timescaledb", [False, True])
def test_a_source_may_be_told_of_timescaledb_or_not(somebody, timescaledb):
    asked = Request(ASKED.since, ASKED.until, "30m", timescaledb=timescaledb)
    sql = "SELECT $__timeGroupAlias(timestamp, $__interval), count(*) FROM cdevents_lake WHERE $__timeFilter(timestamp) GROUP BY 1 ORDER BY 1"
    found = somebody.ask(expanded(sql, asked)).rows

    assert sum(count for _, count in found) == len(list(happened()))
