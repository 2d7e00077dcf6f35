"""The lake takes events through its functions and by direct INSERT, on every engine, and knows each of them again."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from psycopg import errors

from fixtures.cdevents import NOW, event, insert, projections, store, table

DAY = timedelta(days=1)


def deployed(at=NOW, **more):
    return event("service.deployed", "shop", at, environment="prod", artifact="pkg:oci/shop@sha256:1", **more)


def test_a_row_inserted_directly_reaches_state_services_and_graph(delivery):
    assert insert(delivery, deployed()) == 1

    found = projections(delivery)
    assert sorted((row[0]["subject"], row[0]["subject_id"]) for row in found["states"]) == [
        ("artifact", "pkg:oci/shop"),
        ("artifact", "pkg:oci/shop@sha256:1"),
        ("environment", "prod"),
        ("service", "shop"),
    ]
    assert found["placements"] == [("shop", "prod", NOW, "deployed", "pkg:oci/shop@sha256:1")]
    assert {edge[2] for edge in found["edges"]} == {"deployedTo", "deployedWith", "derivedFrom"}


def test_rows_inserted_directly_leave_what_the_store_function_leaves(engine, delivery):
    events = [deployed(NOW - n * DAY, key=f"same-{n}") for n in range(40)]
    events += [
        event("pipelinerun.finished", f"run-{n}", NOW - n * DAY, key=f"run-{n}", outcome="success") for n in range(40)
    ]
    assert set(store(delivery, *events)) == {"stored"}
    expected = projections(delivery)
    columns = '"timestamp", payload, subject, predicate, version, context_id, digest, source, subject_id, verdict, verdict_reasons'
    lake = table(delivery, f"SELECT {columns} FROM cdviz.cdevents_lake ORDER BY context_id")
    identity = table(delivery, 'SELECT context_key, key, content, "timestamp" FROM cdviz.event_identity ORDER BY 2')
    delivery.execute("DELETE FROM cdviz.cdevents_lake")
    delivery.execute(
        "TRUNCATE cdviz.event_identity, cdviz.subject_state, cdviz.edge, cdviz.service_event, cdviz.service_placement"
    )

    assert insert(delivery, *events) == 80

    assert projections(delivery) == expected
    assert table(delivery, f"SELECT {columns} FROM cdviz.cdevents_lake ORDER BY context_id") == lake
    assert (
        table(delivery, 'SELECT context_key, key, content, "timestamp" FROM cdviz.event_identity ORDER BY 2')
        == identity
    )


def test_the_same_row_inserted_again_changes_nothing(delivery):
    one = deployed()
    store(delivery, one)
    before = projections(delivery)

    assert insert(delivery, one, one) == 0
    assert projections(delivery) == before
    assert store(delivery, one) == ["duplicate"]
    assert table(delivery, "SELECT count(*) FROM evistore.quarantine") == [(0,)]


def test_another_content_under_the_same_source_and_id_is_set_aside(delivery):
    first, second = deployed(key="one"), deployed(key="one", links=[{"linkType": "END", "from": {"contextId": "x"}}])

    assert insert(delivery, first, second) == 1
    assert table(delivery, "SELECT reason, payload #>> '{context,id}' FROM evistore.quarantine") == [
        ("conflict", "one")
    ]


def test_in_strict_mode_a_known_row_is_an_error(delivery):
    insert(delivery, deployed(key="one"))
    delivery.execute("SET cdviz.strict = on")
    with pytest.raises(errors.UniqueViolation):
        insert(delivery, deployed(key="one"))


def test_a_row_without_source_or_subject_id_is_kept(delivery):
    delivery.execute(
        """INSERT INTO cdevents_lake (payload, "timestamp", subject, predicate, version, context_id)
           VALUES ('{"context": {}}', %s, 'PipelineRun', 'Started', NULL, 'bare')""",
        [NOW],
    )

    assert table(delivery, "SELECT subject, predicate, source, subject_id, verdict FROM cdviz.cdevents_lake") == [
        ("pipelinerun", "started", "", None, "invalid")
    ]
    assert projections(delivery)["states"] == []


def test_a_login_with_insert_on_the_lake_and_nothing_else_can_insert(delivery, delivery_url, request):
    role = f"inserter_{request.node.name.split('[')[1].rstrip(']')}"
    delivery.execute(f'DROP ROLE IF EXISTS "{role}"')
    delivery.execute(f'CREATE ROLE "{role}" LOGIN')
    delivery.execute(f'GRANT USAGE ON SCHEMA cdviz TO "{role}"')
    delivery.execute(f'GRANT INSERT ON cdviz.cdevents_lake TO "{role}"')
    with psycopg.connect(delivery_url, user=role, autocommit=True) as visitor:
        assert insert(visitor, deployed(), deployed(NOW - 400 * DAY)) == 2
        assert insert(visitor, deployed(NOW - 401 * DAY)) == 1
        with pytest.raises(errors.InsufficientPrivilege):
            visitor.execute("SELECT payload FROM cdviz.cdevents_lake")
    assert table(delivery, "SELECT count(*) FROM cdviz.service_event") == [(3,)]
    delivery.execute(f'DROP OWNED BY "{role}"')
    delivery.execute(f'DROP ROLE "{role}"')


@pytest.mark.parametrize("engine", ["timescale"], indirect=True)
def test_late_events_reach_compressed_chunks_and_their_projections(delivery):
    old = NOW - 60 * DAY
    store(delivery, *[event("pipelinerun.finished", f"run-{n}", old + n * timedelta(minutes=1)) for n in range(50)])
    delivery.execute("SELECT compress_chunk(c) FROM show_chunks('cdviz.cdevents_lake') AS c")

    late = deployed(old)
    assert store(delivery, late, deployed(old + DAY)) == ["stored", "stored"]
    assert insert(delivery, deployed(old + 2 * DAY), late) == 1

    assert table(delivery, "SELECT count(*) FROM cdviz.service_event") == [(3,)]
    assert table(delivery, "SELECT bool_and(is_compressed) FROM timescaledb_information.chunks") == [(True,)]
    assert table(delivery, "SELECT count(*), count(DISTINCT position) FROM cdviz.cdevents_lake") == [(53, 53)]


@pytest.mark.parametrize("engine", ["timescale"], indirect=True)
def test_timescaledb_runs_the_jobs_that_the_policies_ask_for(delivery):
    def jobs():
        return table(
            delivery,
            """SELECT j.proc_name, j.owner::text, (j.config ->> 'compress_after')::interval
                 FROM timescaledb_information.jobs AS j
                WHERE j.job_id >= 1000 ORDER BY j.proc_name""",
        )

    assert jobs() == [
        ("activity_job", "cdviz", None),
        ("policy_compression", "cdviz", 30 * DAY),
        ("retention_job", "cdviz", None),
    ]
    delivery.execute("SELECT cdviz.set_policy('compress_after', '10 days')")
    assert jobs()[1][2] == 10 * DAY
    delivery.execute("SELECT cdviz.set_policy('compress_after', NULL)")
    assert [row[0] for row in jobs()] == ["activity_job", "retention_job"]
    delivery.execute("SELECT cdviz.set_policy('compress_after', '30 days')")

    store(delivery, deployed(NOW - 40 * DAY), deployed(NOW - 900 * DAY))
    for (job,) in table(delivery, "SELECT job_id FROM timescaledb_information.jobs WHERE job_id >= 1000"):
        delivery.execute(f"CALL run_job({job})")
    assert table(delivery, "SELECT sum(events)::int FROM cdviz.activity_daily") == [(2,)]


@pytest.mark.parametrize("engine", ["timescale"], indirect=True)
def test_compressed_events_are_found_by_pointer_and_by_subject_without_reading_the_chunk(delivery):
    at = NOW - 60 * DAY
    store(delivery, *[event("pipelinerun.finished", f"run-{n:04}", at + n * timedelta(seconds=1)) for n in range(5000)])
    delivery.execute("SELECT compress_chunk(c) FROM show_chunks('cdviz.cdevents_lake') AS c")
    key = table(delivery, """SELECT "timestamp", position FROM cdviz.cdevents_lake WHERE subject_id = 'run-2500'""")[0]

    def batches(condition, *parameters):
        plan = table(
            delivery,
            f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING off) SELECT payload FROM cdviz.cdevents_lake WHERE {condition}",
            *parameters,
        )[0][0][0]["Plan"]

        def nodes(node):
            yield node
            for one in node.get("Plans", []):
                yield from nodes(one)

        return sum(node["Actual Rows"] for node in nodes(plan) if "compress" in node.get("Relation Name", ""))

    assert batches("subject = 'pipelinerun' AND subject_id = 'run-2500'") <= 2
    assert batches("""subject = 'pipelinerun' AND "timestamp" = %s AND position = %s""", *key) <= 2


def test_events_of_one_statement_may_lie_years_apart(delivery):
    assert set(store(delivery, *[deployed(NOW - n * 37 * DAY) for n in range(60)])) == {"stored"}
    assert table(delivery, "SELECT count(*) FROM cdviz.cdevents_lake") == [(60,)]
    assert len(projections(delivery)["service_events"]) == 60
