"""The contract's views: what one row means, and that a window or one subject never reads history."""

from __future__ import annotations

import json

import pytest

from fixtures.databases import template
from fixtures.histories import link, moment, runs, store, told

FIXED = {
    "pipelinerun": "subject_id queued_at started_at finished_at last_payload outcome",
    "taskrun": "subject_id started_at finished_at last_payload outcome",
    "build": "subject_id queued_at started_at finished_at last_payload",
    "artifact": "subject_id packaged_at signed_at published_at downloaded_at deleted_at last_payload",
    "service": "subject_id deployed_at upgraded_at rolledback_at removed_at published_at last_payload",
    "incident": "subject_id detected_at reported_at resolved_at last_payload",
    "testcaserun": "subject_id queued_at started_at finished_at skipped_at last_payload",
    "testsuiterun": "subject_id queued_at started_at finished_at last_payload",
    "ticket": "subject_id created_at updated_at closed_at last_payload",
    "graph_nodes": "node_id node_type first_seen_at properties",
    "graph_edges": "id from_node_id to_node_id relation event_timestamp source_event_id",
}
OURS = ["change", "branch", "repository", "environment", "testoutput", "approval", "testcase", "testsuite"]


def columns(connection, view):
    return [column.name for column in connection.execute(f"SELECT * FROM cdviz.{view} LIMIT 0").description]


@pytest.mark.parametrize("view", FIXED)
def test_a_fixed_view_begins_with_the_columns_of_the_contract_in_their_order(delivery, view):
    fixed = FIXED[view].split()

    assert columns(delivery, view)[: len(fixed)] == fixed


def test_a_run_is_one_row_with_the_latest_time_of_each_predicate_whatever_arrives_first(delivery):
    store(delivery, told("pipelinerun.finished", "run-1", "10:05", outcome="success"))
    store(delivery, told("pipelinerun.queued", "run-1", "09:59"), told("pipelinerun.started", "run-1", "10:00"))

    row = delivery.execute("SELECT queued_at, started_at, finished_at, outcome FROM cdviz.pipelinerun").fetchall()

    assert row == [(moment("09:59"), moment("10:00"), moment("10:05"), "success")]


@pytest.mark.parametrize("view", [*FIXED, *OURS, "custom_subject"][:9])
def test_the_payload_is_that_of_the_newest_event_not_of_the_last_to_arrive(delivery, view):
    predicate = FIXED[view].split()[1].removesuffix("_at")
    newest = told(f"{view}.{predicate}", "x", "11:00")
    store(delivery, newest)
    store(delivery, told(f"{view}.{predicate}", "x", "10:00"))

    assert delivery.execute(f"SELECT last_payload FROM cdviz.{view}").fetchall() == [(newest,)]


def test_the_payload_survives_the_event_once_retention_kept_it(delivery):
    store(delivery, told("build.finished", "b-1", artifactId="pkg:oci/a@1"))
    delivery.execute("UPDATE cdviz.subject_state SET last_payload = '{\"kept\": true}' WHERE subject = 'build'")
    delivery.execute("DELETE FROM cdviz.cdevents_lake")

    assert delivery.execute("SELECT last_payload FROM cdviz.build").fetchall() == [({"kept": True},)]


@pytest.mark.parametrize("view", OURS)
def test_a_view_of_ours_shows_what_happened_to_its_subjects(delivery, view):
    time = next(name for name in columns(delivery, view) if name.endswith("_at"))
    store(delivery, told(f"{view}.{time.removesuffix('_at')}", f"{view}-1", "10:00"))

    assert delivery.execute(f"SELECT subject_id, {time} FROM cdviz.{view}").fetchall() == [
        (f"{view}-1", moment("10:00"))
    ]


def test_what_is_only_named_has_no_row_in_the_views(delivery):
    store(delivery, runs("shop", "prod", "pkg:oci/shop@1", "10:00"))

    assert delivery.execute("SELECT count(*) FROM cdviz.environment").fetchone() == (0,)
    assert delivery.execute("SELECT count(*) FROM cdviz.artifact").fetchone() == (0,)


def test_a_custom_subject_has_one_row_with_all_its_predicates_known_or_not(delivery):
    for predicate, at in (("created", "10:00"), ("melted", "10:01")):
        store(delivery, told(f"dev.cdeventsx.mytool-resource.{predicate}.0.1.0", "r-1", at))

    row = delivery.execute("SELECT subject, last_predicate, predicate_at, last_at FROM cdviz.custom_subject").fetchall()

    times = {name: moment_of(value) for name, value in row[0][2].items()}
    assert times == {"created": moment("10:00"), "melted": moment("10:01")}
    assert (row[0][0], row[0][1], row[0][3]) == ("mytool-resource", "melted", moment("10:01"))


def moment_of(text):
    return moment(text if "T" in text else text.replace(" ", "T"))


def test_attempts_of_one_run_id_are_told_apart(delivery):
    for kind, at, content in (
        ("queued", "10:00", {}),
        ("started", "10:01", {}),
        ("finished", "10:02", {"outcome": "failure"}),
        ("started", "10:10", {}),
        ("finished", "10:12", {"outcome": "success"}),
    ):
        store(delivery, told(f"pipelinerun.{kind}", "run-1", at, **content))

    rows = delivery.execute(
        "SELECT attempt, queued_at, started_at, finished_at, outcome FROM cdviz.run_attempts('pipelinerun', 'run-1')"
    ).fetchall()

    assert rows == [
        (1, moment("10:00"), moment("10:01"), moment("10:02"), "failure"),
        (2, None, moment("10:10"), moment("10:12"), "success"),
    ]


@pytest.fixture(scope="module")
def crowded(postgres18):
    """A database with enough runs that reading all of them would be the planner's last choice."""
    import psycopg

    url = postgres18.fresh_database(template(postgres18))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute(
            """
            INSERT INTO cdviz.subject_state (subject, subject_id, first_seen_at, last_at, last_position, queued_at, started_at, finished_at)
            SELECT (ARRAY['pipelinerun', 'taskrun', 'build'])[1 + n %% 3], 'run-' || n, t.at, t.at, n, t.at, t.at,
                   CASE WHEN n %% 50 <> 0 THEN t.at END
              FROM generate_series(1, 60000) AS n
             CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01' + n * interval '5 minutes' AS at) AS t
        """.replace("%%", "%")
        )
        connection.execute("ANALYZE cdviz.subject_state")
        yield connection
    postgres18.discard(url)


def plan(connection, query):
    return json.dumps(connection.execute(f"EXPLAIN (FORMAT JSON) {query}").fetchone()[0])


def scanned(plan):
    """The tables that a plan reads from end to end."""
    found = set()

    def visit(node):
        if node.get("Node Type") == "Seq Scan":
            found.add(node["Relation Name"])
        for child in node.get("Plans", []):
            visit(child)

    visit(json.loads(plan)[0]["Plan"])
    return found


@pytest.mark.parametrize("view", ["pipelinerun", "taskrun", "build"])
@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("WHERE finished_at >= '2026-03-01' AND finished_at < '2026-03-08'", "subject_state_finished_idx"),
        ("WHERE started_at >= '2026-07-15'", "subject_state_started_idx"),
        ("WHERE subject_id = 'run-7'", "subject_state_subject_key"),
        ("WHERE finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 20", "subject_state_finished_idx"),
        ("ORDER BY finished_at DESC LIMIT 20", "subject_state_finished_idx"),
        ("ORDER BY started_at DESC LIMIT 20", "subject_state_started_idx"),
        ("WHERE started_at < '2026-07-01' ORDER BY started_at DESC LIMIT 20", "subject_state_started_idx"),
    ],
)
def test_a_window_or_one_subject_is_found_by_index(crowded, view, question, index):
    found = plan(crowded, f"SELECT * FROM cdviz.{view} {question}")

    assert index in found
    assert scanned(found) <= {"cdevents_lake_default"}  # it is empty, as the planner knows
    assert '"Sort"' not in found


def test_a_payload_that_is_not_asked_for_is_not_looked_up(crowded):
    assert "cdevents_lake" not in plan(crowded, "SELECT subject_id, outcome FROM cdviz.pipelinerun")
    assert "cdevents_lake" in plan(crowded, "SELECT last_payload FROM cdviz.pipelinerun")


def test_a_node_named_without_a_type_gives_way_to_the_typed_one(delivery):
    store(delivery, told("ticket.created", "T-1", custom=link("", "run-9")))
    unknown = delivery.execute("SELECT node_type FROM cdviz.graph_nodes WHERE node_id = 'run-9'").fetchall()
    store(delivery, told("pipelinerun.started", "run-9"))

    assert unknown == [("unknown",)]
    assert delivery.execute("SELECT node_type FROM cdviz.graph_nodes WHERE node_id = 'run-9'").fetchall() == [
        ("pipelinerun",)
    ]


def test_properties_of_a_node_are_the_content_of_its_newest_event(delivery):
    store(delivery, told("ticket.updated", "T-1", "11:00", summary="later"))
    store(delivery, told("ticket.created", "T-1", "10:00", summary="earlier"))

    rows = delivery.execute("SELECT properties, first_seen_at FROM cdviz.graph_nodes").fetchall()

    assert rows == [({"summary": "later"}, moment("10:00"))]
