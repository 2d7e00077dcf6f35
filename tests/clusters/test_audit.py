"""The audit trail of toggles, reasons and acknowledgements: complete, whoever writes, and never changed."""

from __future__ import annotations

import psycopg
import pytest

from evistore.clusters import acknowledgements, audit, deletions, feedback, ratings, toggles
from evistore.clusters.feedback import Vote
from evistore.kernel.database import Transaction
from fixtures.settling import KEY, RULE, report

pytestmark = pytest.mark.parametrize("engine", ["native", "native15", "timescale"], indirect=True)
TOGGLE = "public.cluster_rule_toggle (cluster_id, rule_id, error_key, org_id, disabled, updated_at)"


@pytest.fixture
def tx(delivery):
    """Each statement at once, so that triggers and settings are those of single statements."""
    return Transaction(delivery)


def trail(tx, *names):
    """The *names* of every change, in order."""
    return [tuple(getattr(one, name) for name in names) for one in reversed(audit.changes(tx, limit=1000).items)]


def toggled_directly(connection, cluster, disabled=1):
    connection.execute(f"INSERT INTO {TOGGLE} VALUES (%s, %s, %s, '1', %s, now())", [cluster, RULE, KEY, disabled])


def test_every_change_of_a_toggle_is_recorded_with_its_user_and_login(delivery, tx):
    cluster = report(delivery)
    for switch, actor in [(toggles.disable, "ann"), (toggles.disable, "bob"), (toggles.enable, None)]:
        switch(tx, RULE, KEY, cluster=cluster, org_id=1, actor=actor)

    assert trail(tx, "kind", "action", "org_id", "cluster_id", "rule_id", "error_key", "user_id", "login") == [
        ("toggle", action, "1", cluster, RULE, KEY, user, "postgres")
        for action, user in [("disabled", "ann"), ("disabled", "bob"), ("enabled", None)]
    ]


def test_every_change_of_an_acknowledgement_is_recorded_with_its_justification(tx):
    acknowledgements.acknowledge(tx, RULE, KEY, "one", org_id=1, actor="ann")
    acknowledgements.update(tx, RULE, KEY, "two", org_id=1, actor="bob")
    acknowledgements.acknowledge(tx, RULE, KEY, "three", org_id=1)
    acknowledgements.withdraw(tx, RULE, KEY, org_id=1, actor="eve")

    assert trail(tx, "kind", "action", "cluster_id", "user_id", "justification_before", "justification_after") == [
        ("acknowledgement", "acknowledged", None, "ann", None, "one"),
        ("acknowledgement", "updated", None, "bob", "one", "two"),
        ("acknowledgement", "acknowledged", None, None, "two", "three"),
        ("acknowledgement", "withdrawn", None, "eve", "three", None),
    ]


def test_every_reason_is_recorded_with_the_user_who_gave_it(delivery, tx):
    cluster = report(delivery)
    for message in ("first", "final"):
        feedback.explain(tx, RULE, KEY, message, cluster=cluster, user="ann", org_id=1)

    assert trail(tx, "kind", "action", "user_id", "justification_before", "justification_after") == [
        ("reason", "explained", "ann", None, "first"),
        ("reason", "explained", "ann", "first", "final"),
    ]


def test_the_rows_before_and_after_are_kept_whole(delivery, tx):
    cluster = report(delivery)
    toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1)
    [before] = delivery.execute("SELECT to_jsonb(t) FROM public.cluster_rule_toggle AS t").fetchone()
    toggles.enable(tx, RULE, KEY, cluster=cluster, org_id=1)
    [after] = delivery.execute("SELECT to_jsonb(t) FROM public.cluster_rule_toggle AS t").fetchone()

    assert delivery.execute("SELECT before, after FROM clusters.change ORDER BY id DESC LIMIT 1").fetchone() == (
        before,
        after,
    )


def test_what_changes_nothing_is_not_recorded(delivery, tx):
    cluster = report(delivery, 2)
    toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1, caller=1)
    toggles.disable(tx, RULE, KEY, cluster="nowhere", org_id=1)
    acknowledgements.update(tx, RULE, KEY, "x", org_id=1)
    acknowledgements.withdraw(tx, RULE, KEY, org_id=1)
    toggled_directly(delivery, cluster)
    delivery.execute("UPDATE public.cluster_rule_toggle SET disabled = disabled")

    assert trail(tx, "action") == [("disabled",)]


def test_votes_and_ratings_leave_no_trace(delivery, tx):
    feedback.vote(tx, RULE, KEY, Vote.LIKE, cluster=report(delivery), user="u", org_id=1)
    ratings.rate(tx, "ccx.a", KEY, 1, org_id=1)

    assert trail(tx) == []


def test_whoever_writes_the_tables_directly_is_recorded(delivery, tx):
    toggled_directly(delivery, "c1")
    delivery.execute("UPDATE public.cluster_rule_toggle SET disabled = 0")
    delivery.execute("DELETE FROM public.cluster_rule_toggle")
    delivery.execute("INSERT INTO public.rule_disable VALUES ('1', 'r', 'k', 'a', now())")
    delivery.execute("UPDATE public.rule_disable SET justification = 'b'")
    delivery.execute("DELETE FROM public.rule_disable")

    assert trail(tx, "action", "user_id", "login", "justification_before", "justification_after") == [
        ("disabled", None, "postgres", None, None),
        ("enabled", None, "postgres", None, None),
        ("deleted", None, "postgres", None, None),
        ("acknowledged", None, "postgres", None, "a"),
        ("updated", None, "postgres", "a", "b"),
        ("withdrawn", None, "postgres", "b", None),
    ]


def test_emptying_a_table_records_every_row(delivery, tx):
    for cluster in ("c1", "c2"):
        toggled_directly(delivery, cluster)
    delivery.execute("INSERT INTO public.rule_disable VALUES ('1', 'r', 'k', 'a', now())")
    delivery.execute(
        "TRUNCATE public.cluster_rule_toggle, public.rule_disable, public.cluster_user_rule_disable_feedback"
    )

    assert sorted(trail(tx, "action", "cluster_id", "rule_id")[3:], key=str) == [
        ("deleted", "c1", RULE),
        ("deleted", "c2", RULE),
        ("withdrawn", None, "r"),
    ]


def test_a_row_that_gets_another_name_went_and_came(delivery, tx):
    toggled_directly(delivery, "c1")
    delivery.execute("UPDATE public.cluster_rule_toggle SET cluster_id = 'c2'")

    assert trail(tx, "action", "cluster_id")[1:] == [("deleted", "c1"), ("disabled", "c2")]


def test_a_cluster_that_moves_takes_its_toggles_along(delivery, tx):
    cluster = report(delivery)
    toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1, actor="ann")
    feedback.explain(tx, RULE, KEY, "m", cluster=cluster, user="ann", org_id=1)
    delivery.execute("SELECT clusters.move_cluster(%s, 2)", [cluster])

    assert trail(tx, "kind", "action", "org_id", "user_id")[2:] == [
        ("toggle", "moved", "2", None),
        ("reason", "moved", "2", None),
    ]


def test_the_user_of_a_call_is_not_taken_for_that_of_the_next(delivery, tx):
    cluster = report(delivery)
    with delivery.transaction():
        toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1, actor="ann")
        delivery.execute("UPDATE public.cluster_rule_toggle SET disabled = 0")
    with delivery.transaction():
        with pytest.raises(psycopg.errors.DivisionByZero), tx.savepoint():
            # The toggle is written, then what comes of it fails.
            delivery.execute(
                "SELECT clusters.set_toggle(%s, 'r', 'k', 1, true, NULL, 'eve'), 1 / (random() * 0)::integer", [cluster]
            ).fetchone()
        acknowledgements.acknowledge(tx, RULE, KEY, "x", org_id=1)
        delivery.execute("UPDATE public.rule_disable SET justification = 'y'")

    assert trail(tx, "action", "user_id") == [
        ("disabled", "ann"),
        ("enabled", None),
        ("acknowledged", None),
        ("updated", None),
    ]


def test_what_was_deleted_stays_on_record(delivery, tx):
    cluster = report(delivery)
    toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=1)
    deletions.delete_clusters(tx, [cluster])

    assert trail(tx, "action", "cluster_id") == [("disabled", cluster), ("deleted", cluster)]


@pytest.mark.parametrize("role", ["postgres", "cdviz", "evistore_service"])
def test_nobody_changes_the_trail(delivery, tx, role):
    toggled_directly(delivery, "c1")
    changes = ["UPDATE {} SET user_id = 'eve'", "DELETE FROM {}", "DELETE FROM {} WHERE false", "TRUNCATE {}"]
    for replica in ("origin", "replica"):
        delivery.execute(f"RESET ROLE; SET session_replication_role = {replica}; SET ROLE {role}")
        for change in changes:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                delivery.execute(change.format("clusters.change"))
    delivery.execute("RESET ROLE")

    assert trail(tx, "user_id") == [(None,)]


def test_the_trail_is_read_page_by_page_and_by_what_it_is_about(delivery, tx):
    clusters = [report(delivery, org_id) for org_id in (1, 2)]
    for _ in range(3):
        for org_id, cluster in enumerate(clusters, 1):
            toggles.disable(tx, RULE, KEY, cluster=cluster, org_id=org_id)
    acknowledgements.acknowledge(tx, "other", KEY, "x", org_id=2)

    first = audit.changes(tx, org_id=2, limit=3)
    rest = audit.changes(tx, org_id=2, limit=3, before=int(first.next))

    assert [one.kind for one in (*first.items, *rest.items)] == ["acknowledgement", "toggle", "toggle", "toggle"]
    assert rest.next is None
    assert len(audit.changes(tx, cluster=clusters[0]).items) == 3
    assert len(audit.changes(tx, rule="other").items) == 1
    assert audit.changes(tx, org_id=1, rule="other").items == []
