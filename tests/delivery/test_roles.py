"""What members of each role can do, as real logins, and that they can do no more."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from fixtures.histories import runs, store, told

pytestmark = pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)

READING = [
    "SELECT cdviz.what_runs()",
    "SELECT * FROM cdviz.graph_ancestors('shop')",
    "SELECT * FROM cdviz.graph_descendants('shop')",
    "SELECT * FROM cdviz.events_page()",
    "SELECT * FROM cdviz.events_of('service', 'shop')",
    "SELECT * FROM cdviz.event_at(1)",
    "SELECT * FROM cdviz.events_named('x')",
    "SELECT * FROM cdviz.events_after(NULL)",
    "SELECT cdviz.events_newest()",
    "SELECT * FROM cdviz.event_estimate()",
    "SELECT * FROM cdviz.subjects_page('service')",
    "SELECT * FROM cdviz.run_attempts('pipelinerun', 'run-1')",
    "SELECT * FROM cdviz.deployments(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.deployment_outcomes(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.deployment_frequency(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.change_failure_rate(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.failed_deployment_recovery_time(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.deployment_rework_rate(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.deployment_figures(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.lead_times(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.lead_time_for_changes(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.incidents(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.runs('pipelinerun', now() - interval '1 day', now())",
    "SELECT * FROM cdviz.run_statistics('taskrun', now() - interval '1 day', now(), 'shop')",
    "SELECT * FROM cdviz.run_trend('build', now() - interval '1 day', now())",
    "SELECT * FROM cdviz.flaky_tests(now() - interval '1 day', now())",
    "SELECT * FROM cdviz.stuck_runs()",
    "SELECT * FROM cdviz.silent_sources()",
    "SELECT * FROM cdviz.service_history('shop')",
    "SELECT * FROM cdviz.service_versions('shop')",
    "SELECT * FROM cdviz.artifact_history('pkg:oci/shop@1')",
    "SELECT * FROM cdviz.activity_counts('2026-01-01', '2027-01-01', 'month')",
    "SELECT sum(events) FROM cdviz.activity_daily",
    'SELECT time_bucket(\'1 day\', "timestamp"), last(subject, "timestamp") FROM cdevents_lake GROUP BY 1',
]
PRIVATE = ["subject_state", "edge", "event_identity", "service_event", "service_placement", "pending_link"]
WRITING = [
    "INSERT INTO cdevents_lake (payload, \"timestamp\", subject, predicate, context_id) VALUES ('{}', now(), 'a', 'b', 'c')",
    "UPDATE cdevents_lake SET subject = 'x'",
    "DELETE FROM cdevents_lake",
    "TRUNCATE cdevents_lake",
    "CREATE TABLE cdviz.mine ()",
    "SELECT cdviz.set_production('prod', false)",
    "SELECT evistore.settle_quarantine(1, 'dropped')",
    "SELECT evistore.set_aside('delivery', 'a', 'b', 'c', '{}', NULL)",
]


@pytest.fixture
def login(delivery_url):
    """Connects as a new login that is a member of a role."""
    made = []

    def connect(role):
        name = f"member_{len(made)}_{role or 'nobody'}"
        with psycopg.connect(delivery_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
            if role:
                admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(name)))
        made.append((psycopg.connect(delivery_url, user=name, autocommit=True), name))
        return made[-1][0]

    yield connect
    with psycopg.connect(delivery_url, autocommit=True) as admin:
        for connection, name in made:
            connection.close()
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def views(connection):
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'cdviz'::regnamespace AND relkind = 'v'"
    )
    return [name for (name,) in rows.fetchall()]


def refused(connection, statement):
    # Whoever may not look into a schema does not even learn what is there.
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)):
        connection.execute(statement)


def test_a_reader_reads_every_view_the_lake_and_every_reading_function(delivery, login):
    store(delivery, runs("shop", "prod", "pkg:oci/shop@1", "10:00"), told("pipelinerun.started", "run-1"))
    reader = login("cdviz_reader")

    assert reader.execute("SELECT count(*) FROM cdevents_lake").fetchone() == (2,)
    for view in views(delivery):
        reader.execute(f"SELECT * FROM cdviz.{view}").fetchall()
    for statement in READING:
        reader.execute(statement).fetchall()


def test_a_reader_sees_the_same_payloads_as_the_owner(delivery, login):
    event = runs("shop", "prod", "pkg:oci/shop@1", "10:00")
    store(delivery, event)

    assert login("cdviz_reader").execute("SELECT last_payload FROM service").fetchall() == [(event,)]


def test_a_reader_can_do_nothing_else(login):
    reader = login("cdviz_reader")

    for statement in [
        *WRITING,
        *[f"SELECT * FROM cdviz.{table}" for table in PRIVATE],
        "SELECT * FROM evistore.quarantine",
    ]:
        refused(reader, statement)
    refused(reader, "SELECT * FROM cdviz.store_cdevents(ARRAY['{}'::jsonb])")
    refused(reader, "CALL cdviz.store_cdevent('{}')")


def test_a_collector_can_store_and_do_nothing_else(delivery, login):
    collector = login("cdviz_collector")

    assert store(collector, told("pipelinerun.started", "run-1")) == ["stored"]
    for statement in [
        *WRITING,
        *READING[:-1],
        "SELECT * FROM cdevents_lake",
        *[f"SELECT * FROM cdviz.{view}" for view in views(delivery)],
    ]:
        refused(collector, statement)


def test_a_collector_calls_the_procedure_as_the_real_one_does(delivery, login):
    event = psycopg.types.json.Jsonb(told("pipelinerun.started", "run-1"))

    login("cdviz_collector").execute("CALL cdviz.store_cdevent(%s::jsonb)", [event])

    assert delivery.execute("SELECT count(*) FROM cdviz.pipelinerun").fetchone() == (1,)


def test_the_service_stores_reads_and_settles(delivery, login):
    service = login("evistore_service")

    assert store(service, told("pipelinerun.started", "run-1"), {"no": "event"}) == ["stored", "rejected"]
    assert service.execute("SELECT evistore.settle_quarantine(id, 'dropped') FROM cdviz.quarantine").fetchone() == (
        True,
    )
    for statement in WRITING[:5]:
        refused(service, statement)


def test_a_stranger_can_do_nothing(delivery, login):
    stranger = login(None)

    for statement in [*WRITING, *READING[:-1], "SELECT * FROM cdviz.service", "SELECT * FROM cdviz.cdevents_lake"]:
        refused(stranger, statement)


def test_no_function_is_open_to_everybody(delivery):
    rows = delivery.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc AS p WHERE p.pronamespace IN ('cdviz'::regnamespace, 'evistore'::regnamespace)"
        "   AND has_function_privilege('public', p.oid, 'EXECUTE')"
    )

    assert rows.fetchall() == []
