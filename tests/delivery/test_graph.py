"""The graph: relations with a life, and a walk that visits each node once."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from fixtures import cdevents
from fixtures.databases import template
from fixtures.histories import link, moment, runs, store, told

A1, A2 = "pkg:oci/shop@sha256:1", "pkg:oci/shop@sha256:2"


def edges(connection, relation):
    rows = connection.execute(
        "SELECT from_node_id, to_node_id, ended_at FROM cdviz.graph_edges WHERE relation = %s ORDER BY 1, 2", [relation]
    )
    return {(one, other): ended for one, other, ended in rows.fetchall()}


def walk(connection, direction, node, depth=10):
    rows = connection.execute(f"SELECT * FROM cdviz.graph_{direction}(%s, %s)", [node, depth])
    return rows.fetchall()


def test_an_edge_tells_who_said_so_and_when_first_and_last(delivery):
    store(
        delivery,
        runs("shop", "prod", A1, "10:00"),
        told("service.upgraded", "shop", "11:00", id_="last", environment={"id": "prod"}, artifactId=A1),
    )

    rows = delivery.execute(
        "SELECT event_timestamp, source_event_id, first_at, seen FROM cdviz.graph_edges WHERE relation = 'deployedWith'"
    ).fetchall()

    assert rows == [(moment("11:00"), "last", moment("10:00"), 2)]


def test_a_deployment_edge_lasts_while_the_service_runs_the_artifact_somewhere(delivery):
    store(
        delivery,
        runs("shop", "prod", A1, "10:00"),
        runs("shop", "stage", A1, "10:00"),
        runs("shop", "prod", A2, "11:00"),
    )

    assert edges(delivery, "deployedWith") == {("shop", A1): None, ("shop", A2): None}


def test_a_deployment_edge_ends_with_the_last_environment_that_ran_it(delivery):
    store(
        delivery,
        runs("shop", "prod", A1, "10:00"),
        runs("shop", "stage", A1, "10:00"),
        runs("shop", "prod", A2, "11:00"),
    )
    store(delivery, runs("shop", "stage", None, "12:00", "removed"))

    assert edges(delivery, "deployedWith") == {("shop", A1): moment("12:00"), ("shop", A2): None}
    assert edges(delivery, "deployedTo") == {("shop", "prod"): None, ("shop", "stage"): moment("12:00")}


def test_a_rollback_gives_an_ended_edge_its_life_back(delivery):
    store(delivery, runs("shop", "prod", A1, "10:00"), runs("shop", "prod", A2, "11:00"))
    store(delivery, runs("shop", "prod", A1, "12:00", "rolledback"))

    assert edges(delivery, "deployedWith") == {("shop", A1): None, ("shop", A2): moment("12:00")}


def test_a_commit_can_be_followed_to_the_service_it_runs_in_and_back(delivery):
    store(
        delivery,
        told("artifact.packaged", A1, change={"id": "c-1"}),
        told("build.finished", "b-1", artifactId=A1),
        runs("shop", "prod", A1, "11:00"),
    )

    assert ("shop", "service", 2, ["c-1", A1, "shop"]) in walk(delivery, "descendants", "c-1")
    assert ("c-1", "change", 2, ["shop", A1, "c-1"]) in walk(delivery, "ancestors", "shop")


def test_the_start_has_depth_0_and_rows_come_by_depth_then_id(delivery):
    store(
        delivery,
        told("ticket.created", "a", custom=link("ticket", "c")),
        told("ticket.created", "a", custom=link("ticket", "b")),
    )

    assert walk(delivery, "ancestors", "a") == [
        ("a", "ticket", 0, ["a"]),
        ("b", "ticket", 1, ["a", "b"]),
        ("c", "ticket", 1, ["a", "c"]),
    ]
    assert walk(delivery, "ancestors", "a", 0) == [("a", "ticket", 0, ["a"])]
    assert walk(delivery, "ancestors", "nobody") == []


def test_a_cycle_ends_by_itself(delivery):
    store(
        delivery,
        *[told("ticket.created", one, custom=link("ticket", other)) for one, other in ("ab", "bc", "ca", "aa")],
    )

    assert [row[:3] for row in walk(delivery, "ancestors", "a", 1000)] == [
        ("a", "ticket", 0),
        ("b", "ticket", 1),
        ("c", "ticket", 2),
    ]


def test_an_id_without_a_type_and_the_typed_one_are_one_node_of_the_walk(delivery):
    store(
        delivery,
        told("ticket.created", "t-1", custom=link("", "run-1")),
        told("pipelinerun.started", "run-1", custom=link("change", "c-1")),
    )

    assert [row[:3] for row in walk(delivery, "ancestors", "t-1")] == [
        ("t-1", "ticket", 0),
        ("run-1", "pipelinerun", 1),
        ("c-1", "change", 2),
    ]
    assert [row[0] for row in walk(delivery, "descendants", "c-1")] == ["c-1", "run-1", "t-1"]


def test_two_spellings_of_one_package_are_one_node_of_the_walk(delivery):
    plain, odd = "pkg:npm/%40scope/lib@1.0.0?a=1&b=2", "pkg:NPM/@scope/lib@1.0.0?b=2&a=1"
    store(delivery, told("artifact.packaged", plain, change={"id": "c-1"}), runs("shop", "prod", odd, "11:00"))

    found = {row[0]: row[2] for row in walk(delivery, "ancestors", "shop")}

    assert found["c-1"] == 2
    assert found[plain] == found[odd] == 1
    assert "shop" in {row[0] for row in walk(delivery, "descendants", plain)}


def test_a_ladder_of_33_nodes_gives_33_rows(delivery):
    rungs = [f"{side}{n}" for n in range(16) for side in "lr"]
    steps = [(one, other) for n in range(15) for one in (f"l{n}", f"r{n}") for other in (f"l{n + 1}", f"r{n + 1}")]
    store(
        delivery,
        *[
            told("ticket.created", one, custom=link("ticket", other))
            for one, other in [("top", "l0"), ("top", "r0"), *steps]
        ],
    )

    rows = walk(delivery, "ancestors", "top", 40)

    assert len(rows) == 33
    assert {row[0] for row in rows} == {"top", *rungs}


@pytest.fixture(scope="module")
def wide(postgres18):
    url = postgres18.fresh_database(template(postgres18))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO cdviz.subject_state (subject, subject_id, first_seen_at) "
            "SELECT 'ticket', 'n' || n, now() FROM generate_series(1, 40000) AS n"
        )
        connection.execute(
            "INSERT INTO cdviz.edge (from_node, to_node, first_at, last_at, last_position, seen, relation) "
            "SELECT 1, n, now(), now(), 1, 1, 'dependsOn' FROM generate_series(2, 30000) AS n UNION ALL "
            "SELECT n, n + 1, now(), now(), 1, 1, 'dependsOn' FROM generate_series(2, 30000) AS n"
        )
        connection.execute("ANALYZE cdviz.subject_state, cdviz.edge")
        yield connection
    postgres18.discard(url)


def test_a_walk_over_thirty_thousand_nodes_is_linear(wide):
    wide.execute("SET statement_timeout = '20s'")

    assert wide.execute("SELECT count(*), max(depth) FROM cdviz.graph_ancestors('n1')").fetchone() == (30001, 2)


def test_a_walk_stops_at_the_number_of_nodes_asked_for(wide):
    assert wide.execute("SELECT count(*) FROM cdviz.graph_walk('n1', true, 10, 50)").fetchone() == (50,)


def test_ancestors_now_leave_out_what_a_service_no_longer_runs_and_where(delivery):
    cdevents.store(
        delivery,
        cdevents.event("service.deployed", "shop", cdevents.NOW, environment="prod", artifact="pkg:oci/shop@1"),
        cdevents.event(
            "service.upgraded", "shop", cdevents.NOW + timedelta(hours=1), environment="prod", artifact="pkg:oci/shop@2"
        ),
        cdevents.event("service.deployed", "shop", cdevents.NOW, environment="old", artifact="pkg:oci/shop@1"),
        cdevents.event("service.removed", "shop", cdevents.NOW + timedelta(hours=2), environment="old"),
    )

    ever = {row[0] for row in delivery.execute("SELECT node_id FROM cdviz.graph_ancestors('shop')").fetchall()}
    now = {row[0] for row in delivery.execute("SELECT node_id FROM cdviz.graph_ancestors_now('shop')").fetchall()}

    assert ever == {"shop", "prod", "old", "pkg:oci/shop@1", "pkg:oci/shop@2", "pkg:oci/shop"}
    assert now == {"shop", "prod", "pkg:oci/shop@2", "pkg:oci/shop"}


def test_ancestors_now_follow_only_what_the_events_say_that_put_there_what_runs(delivery):
    def cause(key):
        return [{"linkType": "RELATION", "linkKind": "TRIGGER", "target": {"contextId": key}}]

    at = [cdevents.NOW + timedelta(hours=n) for n in range(4)]
    cdevents.store(
        delivery,
        cdevents.event("pipelinerun.finished", "first", at[0], key="e1"),
        cdevents.event(
            "service.deployed", "shop", at[1], environment="prod", artifact="pkg:oci/shop@1", links=cause("e1")
        ),
        cdevents.event("pipelinerun.finished", "second", at[2], key="e2"),
        cdevents.event(
            "service.upgraded", "shop", at[3], environment="prod", artifact="pkg:oci/shop@2", links=cause("e2")
        ),
    )

    ever = {row[0] for row in delivery.execute("SELECT node_id FROM cdviz.graph_ancestors('shop')").fetchall()}
    now = {row[0] for row in delivery.execute("SELECT node_id FROM cdviz.graph_ancestors_now('shop')").fetchall()}

    assert ever - now == {"first", "pkg:oci/shop@1"}
    assert "second" in now


def test_a_chain_ties_its_subjects_both_ways(delivery):
    chained = cdevents.event("change.merged", "c1", cdevents.NOW), cdevents.event("build.finished", "b1", cdevents.NOW)
    for one in chained:
        one["context"]["chainId"] = "chain-1"
    cdevents.store(delivery, *chained)

    ancestors = delivery.execute("SELECT node_id, node_type, depth FROM cdviz.graph_ancestors('c1')").fetchall()
    members = {row[0] for row in delivery.execute("SELECT node_id FROM cdviz.graph_descendants('chain-1')").fetchall()}
    edges = delivery.execute("SELECT from_node_id, to_node_id, relation FROM cdviz.graph_edges ORDER BY 1").fetchall()

    assert ancestors == [("c1", "change", 0), ("chain-1", "chain", 1)]
    assert members == {"chain-1", "c1", "b1"}
    assert edges == [("b1", "chain-1", "partOf"), ("c1", "chain-1", "partOf")]
