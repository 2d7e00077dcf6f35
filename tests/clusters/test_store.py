"""Reports in the database: the newest wins, whatever comes when and beside what, and nothing is written twice."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime, timedelta
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evistore.clusters.ingest import Rules, accept
from evistore.kernel.database import Transaction
from fixtures.cdevents import table
from fixtures.insights_messages import CHECKED, CLUSTER, hit, report_message, workload, workloads_message

BOTH = pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
NATIVE = pytest.mark.parametrize("engine", ["native"], indirect=True)
OTHER = "aa0892d3-1f74-4ccf-91af-548dfc9767aa"
MINUTE = timedelta(minutes=1)


def report(*names, at=0, org=1, cluster=CLUSTER, version=None, **more):
    hits = [hit(f"rules.{name.lower()}", name, details={"n": more.get("n", 1)}) for name in names]
    return report_message(org=org, cluster=cluster, hits=hits, last_checked=CHECKED + at * MINUTE, version=version)


def store(connection, *messages, kind="report", **more):
    with connection.transaction():
        return [one.outcome for one in accept(Transaction(connection), kind, messages, **more)]


def recommendations(connection, cluster=CLUSTER):
    rows = table(
        connection,
        "SELECT org_id, error_key FROM public.recommendation WHERE cluster_id = %s ORDER BY error_key",
        cluster,
    )
    hits = table(
        connection, "SELECT org_id, error_key FROM public.rule_hit WHERE cluster_id = %s ORDER BY error_key", cluster
    )
    assert rows == hits
    return rows


def episodes(connection, cluster=CLUSTER):
    """Key, minutes from the usual time to appearing, and to being resolved."""
    rows = table(
        connection,
        """SELECT error_key, appeared_at, resolved_at FROM clusters.hit_episode WHERE cluster_id = %s
            ORDER BY error_key, appeared_at""",
        cluster,
    )
    return [(key, (came - CHECKED) // MINUTE, gone and (gone - CHECKED) // MINUTE) for key, came, gone in rows]


@BOTH
def test_a_report_becomes_rows_of_every_table(delivery):
    gathered = {"gathering_time": "2026-06-15T13:58:00+02:00"}
    message = report_message(
        org=7, hits=[hit("rules.one", "ONE", details={"a": 1.50})], version="4.14.1", Metadata=gathered
    )
    assert store(delivery, message, offsets=[42]) == ["stored"]

    assert table(
        delivery,
        """SELECT org_id, cluster, last_checked_at::text, gathered_at::text, kafka_offset, report LIKE '{"fingerprints":%',
                  reported_at BETWEEN timezone('utc', now()) - interval '1 minute' AND timezone('utc', clock_timestamp())
             FROM public.report""",
    ) == [(7, CLUSTER, "2026-06-15 12:00:00", "2026-06-15 11:58:00", 42, True, True)]
    assert table(delivery, "SELECT org_id, cluster_id, rule_fqdn, error_key, template_data FROM public.rule_hit") == [
        (7, CLUSTER, "rules.one.report", "ONE", '{"a": 1.5}')
    ]
    assert table(
        delivery,
        """SELECT org_id, rule_fqdn, error_key, rule_id, created_at = date_trunc('second', created_at), impacted_since = created_at
             FROM public.recommendation""",
    ) == [(7, "rules.one", "ONE", "rules.one|ONE", True, True)]
    assert table(delivery, "SELECT org_id, cluster_id, version_info FROM public.report_info") == [
        (7, CLUSTER, "4.14.1")
    ]
    assert episodes(delivery) == [("ONE", 0, None)]


@BOTH
def test_a_newer_report_replaces_hits_and_keeps_what_stays(delivery):
    store(delivery, report("A", "B", version="4.1"))
    delivery.execute("UPDATE public.rule_hit SET created_at = '2020-01-01'")
    delivery.execute("UPDATE public.recommendation SET impacted_since = '2020-01-01'")

    assert store(delivery, report("B", "C", at=1, n=2)) == ["stored"]

    assert table(
        delivery,
        "SELECT error_key, template_data, extract(year FROM created_at)::int = 2020 FROM public.rule_hit ORDER BY 1",
    ) == [("B", '{"n": 2}', True), ("C", '{"n": 2}', False)]
    assert table(
        delivery,
        "SELECT error_key, extract(year FROM impacted_since)::int = 2020 FROM public.recommendation ORDER BY 1",
    ) == [("B", True), ("C", False)]
    assert episodes(delivery) == [("A", 0, 1), ("B", 0, None), ("C", 1, None)]
    assert table(delivery, "SELECT * FROM public.report_info") == []  # the newest report does not tell


@BOTH
def test_older_and_equal_messages_change_nothing(delivery):
    store(delivery, report("A", at=5, version="4.2"), offsets=[10])
    before = [
        table(delivery, f"SELECT * FROM public.{name}")
        for name in ("report", "rule_hit", "recommendation", "report_info")
    ]

    older = report("B", at=4, org=2, version="4.3")
    equal = report("C", at=5, org=3)
    assert store(delivery, older, equal, offsets=[11, 12]) == ["older", "repeated"]

    after = [
        table(delivery, f"SELECT * FROM public.{name}")
        for name in ("report", "rule_hit", "recommendation", "report_info")
    ]
    assert after == before
    assert episodes(delivery) == [("A", 5, None)]


@BOTH
def test_a_cluster_moves_with_everything_only_by_a_newer_message(delivery):
    store(delivery, report("A", "B", version="4.1"))
    for name in ("cluster_rule_toggle", "cluster_rule_user_feedback", "cluster_user_rule_disable_feedback"):
        columns = {
            "cluster_rule_toggle": "(cluster_id, rule_id, error_key, org_id, disabled, updated_at) VALUES (%s, 'r', 'A', '1', 1, 'now')",
            "cluster_rule_user_feedback": "(cluster_id, rule_id, error_key, org_id, user_id, message, user_vote, added_at, updated_at) "
            "VALUES (%s, 'r', 'A', '1', 'u', '', 1, 'now', 'now')",
            "cluster_user_rule_disable_feedback": "(cluster_id, rule_id, error_key, org_id, user_id, message, added_at, updated_at) "
            "VALUES (%s, 'r', 'A', '1', 'u', '', 'now', 'now')",
        }[name]
        delivery.execute(f"INSERT INTO public.{name} {columns}", [CLUSTER])
    impacted = table(delivery, "SELECT error_key, impacted_since FROM public.recommendation ORDER BY 1")

    assert store(delivery, report("A", "B", at=1, org=2, version="4.1")) == ["stored"]

    assert recommendations(delivery) == [(2, "A"), (2, "B")]
    assert table(delivery, "SELECT error_key, impacted_since FROM public.recommendation ORDER BY 1") == impacted
    assert table(
        delivery,
        """SELECT (SELECT org_id FROM public.report), (SELECT org_id FROM public.report_info), (SELECT org_id FROM public.cluster_rule_toggle),
                  (SELECT org_id FROM public.cluster_rule_user_feedback), (SELECT org_id FROM public.cluster_user_rule_disable_feedback)""",
    ) == [(2, 2, "2", "2", "2")]
    assert episodes(delivery) == [("A", 0, None), ("B", 0, None)]


@BOTH
def test_an_empty_report_resolves_everything_and_a_skipped_one_nothing(delivery):
    store(delivery, report("A"))
    nothing = report_message(last_checked=CHECKED + MINUTE, Report={})
    assert store(delivery, nothing) == ["skipped"]
    assert recommendations(delivery) == [(1, "A")]
    assert store(delivery, report(at=1)) == ["stored"]
    assert recommendations(delivery) == []
    assert episodes(delivery) == [("A", 0, 1)]


@BOTH
def test_messages_of_one_cluster_in_one_batch_are_a_stream(delivery):
    batch = [
        report("A", at=1),
        report("A", "B", at=3),
        report("C", at=2),
        report("B", at=4),
        report("A", at=4),
        report("A", "B", at=5),
    ]
    assert store(delivery, *batch) == ["stored", "stored", "older", "stored", "repeated", "stored"]
    assert episodes(delivery) == [("A", 1, 4), ("A", 5, None), ("B", 3, None)]
    assert recommendations(delivery) == [(1, "A"), (1, "B")]


MESSAGES = st.lists(
    st.tuples(
        st.sampled_from([CLUSTER, OTHER, CLUSTER.upper()]),
        st.integers(0, 12),  # minutes
        st.integers(1, 3),  # organisation
        st.sets(st.sampled_from("ABCD"), max_size=4),
        st.sampled_from([None, "4.1", "4.2"]),
    ),
    min_size=1,
    max_size=14,
)


def model(stream):
    """The same by one slow message after the other: rows by cluster, and episodes."""
    state, told = {}, {}
    for cluster, at, org, names, version in stream:
        known = state.get(cluster)
        if known and known[0] >= at:
            continue
        before = known[2] if known else frozenset()
        for name in before - names:
            told[cluster, name][-1][1] = at
        for name in names - before:
            told.setdefault((cluster, name), []).append([at, None])
        state[cluster] = (at, org, frozenset(names), version)
    return state, {key: [tuple(one) for one in spans] for key, spans in told.items()}


@NATIVE
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stream=MESSAGES, cuts=st.sets(st.integers(1, 13), max_size=4))
def test_whatever_the_batches_the_tables_are_those_of_the_stream(delivery, stream, cuts):
    delivery.execute(
        "TRUNCATE public.report, public.rule_hit, public.recommendation, public.report_info, clusters.hit_episode CASCADE"
    )
    messages = [
        report(*sorted(names), at=at, org=org, cluster=cluster, version=version)
        for cluster, at, org, names, version in stream
    ]
    for start, end in itertools.pairwise([0, *sorted(cut for cut in cuts if cut < len(messages)), len(messages)]):
        store(delivery, *messages[start:end])

    state, told = model(stream)
    rows = table(delivery, "SELECT cluster, last_checked_at, org_id FROM public.report")
    assert {(cluster, (at.replace(tzinfo=UTC) - CHECKED) // MINUTE, org) for cluster, at, org in rows} == {
        (cluster, at, org) for cluster, (at, org, _, _) in state.items()
    }
    for cluster, (_, org, names, version) in state.items():
        assert recommendations(delivery, cluster) == [(org, name) for name in sorted(names)]
        found = table(delivery, "SELECT org_id, version_info FROM public.report_info WHERE cluster_id = %s", cluster)
        assert found == ([(org, version)] if version else [])
        spans = [(name, *span) for name in "ABCD" for span in told.get((cluster, name), [])]
        assert episodes(delivery, cluster) == spans


@BOTH
def test_a_report_that_repeats_itself_writes_no_hit_again(delivery):
    clusters = [f"{n:08}-1f74-4ccf-91af-548dfc9767aa" for n in range(50)]
    store(delivery, *[report("A", "B", "C", cluster=cluster, version="4.1") for cluster in clusters])
    delivery.execute("SELECT pg_stat_force_next_flush()")
    before = written(delivery)
    for at in (1, 2, 3):
        store(delivery, *[report("A", "B", "C", at=at, cluster=cluster, version="4.1") for cluster in clusters])
    delivery.execute("SELECT pg_stat_force_next_flush()")
    assert written(delivery) == before
    assert table(delivery, "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relid = 'public.report'::regclass") == [
        (150,)
    ]


def written(connection):
    return table(
        connection,
        """SELECT relname::text, n_tup_ins, n_tup_upd, n_tup_del, n_dead_tup FROM pg_stat_user_tables
            WHERE relname IN ('rule_hit', 'recommendation', 'report_info', 'hit_episode') ORDER BY 1""",
    )


@BOTH
def test_what_postgresql_refuses_costs_no_other_message(delivery):
    delivery.execute("ALTER TABLE public.rule_hit ADD CONSTRAINT no_d CHECK (error_key <> 'D')")
    messages = [report(name, cluster=f"{n:08}-1f74-4ccf-91af-548dfc9767aa") for n, name in enumerate("ABCDABD")]
    assert store(delivery, *messages) == ["stored"] * 3 + ["faulty"] + ["stored"] * 2 + ["faulty"]
    assert table(delivery, "SELECT count(*) FROM public.report") == [(5,)]


@BOTH
def test_writers_that_meet_neither_deadlock_nor_mix(delivery, delivery_url):
    """Four writers, the same clusters in different orders, organisations changing: each cluster ends with its newest message."""
    clusters = [f"{n:08}-1f74-4ccf-91af-548dfc9767aa" for n in range(12)]
    failures = []

    def write(seed):
        random = Random(seed)
        try:
            with psycopg.connect(delivery_url, autocommit=True) as connection:
                for _ in range(12):
                    some = random.choices(clusters, k=8)
                    store(
                        connection,
                        *[
                            report(
                                *random.sample("ABCD", random.randint(0, 4)),
                                at=random.randint(0, 400),
                                org=random.randint(1, 3),
                                cluster=one,
                            )
                            for one in some
                        ],
                    )
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    store(delivery, *[report("A", at=500, org=9, cluster=cluster, version="4.9") for cluster in clusters])
    for cluster in clusters:
        assert recommendations(delivery, cluster) == [(9, "A")]
    overlapping = """
        SELECT count(*)
          FROM clusters.hit_episode AS a
          JOIN clusters.hit_episode AS b ON (a.cluster_id, a.error_key) = (b.cluster_id, b.error_key) AND a.appeared_at < b.appeared_at
         WHERE coalesce(a.resolved_at, 'infinity') > b.appeared_at"""
    assert table(delivery, overlapping) == [(0,)]


@BOTH
def test_only_the_organisations_of_the_list_are_taken_in(delivery):
    rules = Rules(organizations=frozenset({1}))
    assert store(delivery, report("A"), report("A", org=2, cluster=OTHER), rules=rules) == ["stored", "faulty"]


@BOTH
def test_workloads_become_a_row_per_namespace_and_the_newest_wins(delivery):
    first = workloads_message(items=[workload(namespaces=[("A", "1"), ("A", "2"), ("B", "3")])])
    second = workloads_message(items=[workload(namespaces=[("B", "3")])], last_checked=CHECKED + MINUTE)
    none = workloads_message(items=[], last_checked=CHECKED + 2 * MINUTE)

    def rows():
        return table(
            delivery,
            """SELECT namespace_id, recommendations, objects, reported_at::time::text, last_checked_at::time::text, rule_hits_count, left(report, 2)
                 FROM dvo.dvo_report ORDER BY 1""",
        )

    assert store(delivery, first, first, kind="workloads") == ["stored", "repeated"]
    assert rows() == [
        ("A", 1, 2, "12:00:00", "12:00:00", {"rules.one|K1": 2}, '"{'),
        ("B", 1, 1, "12:00:00", "12:00:00", {"rules.one|K1": 1}, '"{'),
    ]
    assert store(delivery, second, first, kind="workloads") == ["stored", "older"]
    assert rows() == [("B", 1, 1, "12:00:00", "12:01:00", {"rules.one|K1": 1}, '"{')]
    assert store(delivery, none, second, kind="workloads") == ["stored", "older"]
    assert rows() == []


@BOTH
def test_a_moment_is_stored_in_utc(delivery):
    store(delivery, report_message(last_checked="2026-06-15T09:00:05.123456+02:00"))
    assert table(delivery, "SELECT last_checked_at FROM public.report") == [(datetime(2026, 6, 15, 7, 0, 5, 123456),)]  # noqa: DTZ001


@NATIVE
def test_the_writer_can_only_call_and_the_reader_only_read(delivery):
    store(delivery, report("A"))
    delivery.execute("SET ROLE clusters_writer")
    assert store(delivery, report("B", at=1)) == ["stored"]
    for query in (
        "SELECT * FROM public.report",
        "INSERT INTO public.migration_info VALUES (1)",
        "DELETE FROM clusters.hit_episode",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            delivery.execute(query)
    delivery.execute("SET ROLE clusters_reader")
    assert table(delivery, "SELECT count(*) FROM public.recommendation") == [(1,)]
    for query in ("DELETE FROM public.report", "UPDATE clusters.hit_episode SET resolved_at = now()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            delivery.execute(query)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        store(delivery, report("C", at=2))
    delivery.execute("RESET ROLE")


def dvo(connection):
    return table(
        connection,
        "SELECT org_id, namespace_id, last_checked_at::text FROM dvo.dvo_report WHERE cluster_id = %s ORDER BY 2, 1",
        CLUSTER,
    )


@BOTH
def test_every_namespace_has_the_whole_report_whatever_its_size(delivery):
    items = [workload(namespaces=[(f"{n:03}", "u") for n in range(300)], details={"text": "so " * 3000})]
    for at in (0, 1):
        message = workloads_message(items=items, last_checked=CHECKED + at * MINUTE)
        assert store(delivery, message, kind="workloads") == ["stored"]
        assert table(
            delivery,
            """SELECT count(*), count(DISTINCT report), min((report::jsonb #>> '{}')::jsonb #>> '{workload_recommendations,0,key}'),
                      min(reported_at::text)
                 FROM dvo.dvo_report""",
        ) == [(300, 1, "K1", "2026-06-15 12:00:00")]


@BOTH
def test_workloads_left_behind_under_other_organisations_hinder_nobody(delivery):
    for org, namespace in itertools.product((1, 2), "AB"):
        delivery.execute(
            """INSERT INTO dvo.dvo_report (org_id, cluster_id, namespace_id, recommendations, objects, last_checked_at)
               VALUES (%s, %s, %s, 1, 1, '2026-06-01')""",
            [org, CLUSTER, namespace],
        )
    message = workloads_message(3, items=[workload(namespaces=[("A", "1"), ("C", "1")])])
    assert store(delivery, message, kind="workloads") == ["stored"]
    assert dvo(delivery) == [(3, "A", "2026-06-15 12:00:00"), (3, "C", "2026-06-15 12:00:00")]


@BOTH
def test_workloads_that_another_system_stored_meanwhile_are_not_made_older(delivery):
    delivery.execute(
        """INSERT INTO dvo.dvo_report (org_id, cluster_id, namespace_id, recommendations, objects, last_checked_at)
           VALUES (1, %s, 'A', 1, 1, '2026-06-15 12:00')""",
        [CLUSTER],
    )
    told = [workloads_message(last_checked=CHECKED + at * MINUTE) for at in (-1, 0, 1)]
    assert store(delivery, *told, kind="workloads") == ["older", "repeated", "stored"]
    assert dvo(delivery) == [(1, "A", "2026-06-15 12:01:00")]


@BOTH
@pytest.mark.parametrize("org", [1, 2, 3])
def test_hits_left_behind_under_other_organisations_hinder_nobody(delivery, org):
    store(delivery, report("A", org=1))
    for left, name in ((2, "A"), (3, "A"), (2, "B"), (3, "B")):
        rule = f"rules.{name.lower()}"
        delivery.execute(
            "INSERT INTO public.rule_hit VALUES (%s, %s, %s, %s, '{}', now())", [left, CLUSTER, f"{rule}.report", name]
        )
        delivery.execute(
            "INSERT INTO public.recommendation VALUES (%s, %s, %s, %s, 'r', now(), now())", [left, CLUSTER, rule, name]
        )
    assert store(delivery, report("A", "B", at=1, org=org)) == ["stored"]
    assert {("A", org), ("B", org)} <= {
        (key, one)
        for one, key in table(
            delivery, "SELECT org_id, error_key FROM public.recommendation WHERE cluster_id = %s", CLUSTER
        )
    }
    assert table(delivery, "SELECT org_id, error_key FROM public.rule_hit ORDER BY 2") == [(org, "A"), (org, "B")]


@NATIVE
def test_thousands_of_hits_cost_as_much_each_as_a_few(delivery):
    """A second or less; where each old hit is compared with each new one it takes minutes."""
    delivery.execute("SET statement_timeout = '20s'")
    for at, first in ((0, 0), (1, 0), (2, 5000)):
        hits = [hit(f"rules.n{n % 100}", f"KEY_{n}") for n in range(first, first + 5000)]
        assert store(delivery, report_message(hits=hits, last_checked=CHECKED + at * MINUTE)) == ["stored"]
        assert table(delivery, "SELECT count(*), min(error_key) LIKE 'KEY%%' FROM public.rule_hit") == [(5000, True)]
