"""What is counted by day is what history says, whoever wrote it, moved it or took it away; and pages tell the same from both."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evistore.clusters import standing
from evistore.clusters.ingest import accept
from evistore.clusters.standing import Asked
from evistore.kernel.database import Transaction
from fixtures.cdevents import table
from fixtures.databases import template
from fixtures.insights_messages import CHECKED, report_message

BOTH = pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
NATIVE = pytest.mark.parametrize("engine", ["native"], indirect=True)
CLUSTERS = [f"5d5892d3-1f74-4ccf-91af-548dfc97670{number}" for number in range(4)]
FINDINGS = ["rules.a|A", "rules.a|B", "rules.b|A", "rules.c|C|D"]

COUNTED = """
SELECT day, rule_fqdn, error_key, sum(appeared)::int, sum(resolved)::int FROM clusters.hit_day
 GROUP BY 1, 2, 3 HAVING sum(appeared) <> 0 OR sum(resolved) <> 0 ORDER BY 1, 2, 3
"""
HISTORY = """
SELECT (c.at AT TIME ZONE 'UTC')::date, e.rule_fqdn, e.error_key, sum(c.came)::int, sum(c.went)::int
  FROM clusters.hit_episode AS e
 CROSS JOIN LATERAL (VALUES (e.appeared_at, 1, 0), (e.resolved_at, 0, 1)) AS c (at, came, went)
 WHERE c.at IS NOT NULL
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def report(cluster, org, findings, at):
    hits = [tuple(one.split("|", 1)) for one in findings]
    return report_message(org=org, cluster=cluster, hits=hits, last_checked=at)


def agrees(connection):
    counted = table(connection, COUNTED)
    assert counted == table(connection, HISTORY)
    return counted


MOMENT = st.integers(0, 24 * 60 * 20).map(lambda minutes: CHECKED + timedelta(minutes=minutes))
CLUSTER = st.sampled_from(CLUSTERS)
STEP = st.one_of(
    st.tuples(
        st.just("store"),
        st.lists(
            st.tuples(CLUSTER, st.integers(1, 2), st.lists(st.sampled_from(FINDINGS), unique=True), MOMENT),
            min_size=1,
            max_size=5,
        ),
    ),
    st.tuples(st.just("clean"), CLUSTER),
    st.tuples(st.just("delete"), CLUSTER),
    st.tuples(st.just("forget"), st.integers(1, 2)),
    st.tuples(st.just("fold"), st.none()),
    st.tuples(st.just("change"), MOMENT),
    st.tuples(st.just("insert"), st.tuples(CLUSTER, MOMENT)),
    st.tuples(st.just("truncate"), st.none()),
)


def walk(connection, what, given_):
    """One step, as consumers, cleaners, callers for debugging and people with psql take it."""
    if what == "store":
        accept(Transaction(connection), "report", [report(*one) for one in given_])
    elif what == "clean":
        connection.execute("SELECT clusters.clean_cluster('everything', %s, NULL, NULL, TRUE)", [given_])
    elif what == "delete":
        connection.execute("SELECT clusters.delete_clusters(ARRAY[%s])", [given_])
    elif what == "forget":
        connection.execute("SELECT clusters.delete_organizations(ARRAY[%s]::bigint[])", [given_])
    elif what == "fold":
        connection.execute("SELECT clusters.fold_hit_days()")
    elif what == "change":
        connection.execute(
            """UPDATE clusters.hit_episode
                  SET appeared_at = appeared_at - interval '30 hours' - random() * interval '1 second',
                      resolved_at = CASE WHEN resolved_at IS NULL THEN greatest(appeared_at, %s) END""",
            [given_],
        )
    elif what == "insert":
        connection.execute(
            "INSERT INTO clusters.hit_episode VALUES (%s, 'rules.d', 'D', %s, %s) ON CONFLICT DO NOTHING",
            [given_[0], given_[1], given_[1] + timedelta(days=1)],
        )
    else:
        connection.execute("TRUNCATE clusters.hit_episode")


@BOTH
@given(steps=st.lists(STEP, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_by_day_are_those_of_history_whatever_happens(evidence, steps):
    with evidence.transaction(force_rollback=True):
        for what, given_ in steps:
            walk(evidence, what, given_)
            agrees(evidence)


def naive(episodes, since, until):
    """What stands now and came up and was resolved in the window, by recommendation, and which of them belong into the list."""
    told = {}
    for rule, key, appeared, resolved in episodes:
        one = told.setdefault((rule, key), Counter())
        one["clusters"] += resolved is None
        one["appeared"] += since <= appeared < until
        one["resolved"] += resolved is not None and since <= resolved < until
        one["listed"] += resolved is None or resolved >= since
    return {name: (one["clusters"], one["appeared"], one["resolved"]) for name, one in told.items() if one["listed"]}


@pytest.mark.parametrize("seed", range(6))
@NATIVE
def test_pages_tell_of_all_clusters_and_of_one_organisation_what_counting_one_by_one_tells(evidence, tx, seed):
    chance = Random(seed)
    evidence.execute("SET LOCAL timezone = 'Asia/Tokyo'")  # and so a transaction has begun, which is undone at the end
    for turn in range(30):
        messages = [
            report(
                cluster,
                1,
                chance.sample(FINDINGS, chance.randrange(4)),
                CHECKED + timedelta(hours=8 * turn, minutes=chance.randrange(400)),
            )
            for cluster in CLUSTERS
        ]
        accept(tx, "report", messages)
    episodes = table(evidence, "SELECT rule_fqdn, error_key, appeared_at, resolved_at FROM clusters.hit_episode")

    for _ in range(12):
        since = CHECKED + timedelta(minutes=chance.randrange(-600, 15_000))
        until = since + timedelta(minutes=chance.choice([0, 20, 700, 1440, 3000, 20_000]))
        if chance.random() < 0.3:
            since = datetime.combine(since.date(), datetime.min.time(), UTC)
        expected = naive(episodes, since, until)
        for asked in (Asked(), Asked(organization=1)):
            found = standing.recommendations(tx, asked, since=since, until=until)
            assert {(one.rule, one.error_key): (one.clusters, one.appeared, one.resolved) for one in found} == expected
            assert {one.organizations for one in found} <= {0, 1}
            assert {(one.rule, one.error_key): one.since for one in found if one.since} == {
                name: min(at for rule, key, at, gone in episodes if (rule, key) == name and gone is None)
                for name, (clusters, _, _) in expected.items()
                if clusters
            }

    first, last = date(2026, 6, 18), date(2026, 6, 27)
    for rule_id in (None, *FINDINGS):
        for search in (None, "RULES.A"):
            days = standing.daily(tx, Asked(search=search), first=first, last=last, rule_id=rule_id)
            assert days == standing.daily(tx, Asked(1, search), first=first, last=last, rule_id=rule_id)
    for day in standing.daily(tx, Asked(), first=first, last=last):
        end = datetime.combine(day.day + timedelta(days=1), datetime.min.time(), UTC)
        assert day.standing == sum(came < end and (gone is None or gone >= end) for _, _, came, gone in episodes)
        assert day.appeared == sum(came.astimezone(UTC).date() == day.day for _, _, came, _ in episodes)


@NATIVE
def test_writers_that_meet_lose_no_count_and_never_block_each_other(engine):
    url = engine.fresh_database(template(engine))
    faults = []

    def write(number):
        chance = Random(number)
        names = [f"{number}d5892d3-1f74-4ccf-91af-548dfc97670{one}" for one in range(5)]
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("SET lock_timeout = '20s'")
                for turn in range(60):
                    with connection.transaction():
                        at = CHECKED + timedelta(hours=turn)
                        messages = [report(name, 1, chance.sample(FINDINGS, 2), at) for name in names]
                        accept(Transaction(connection), "report", messages)
                        if turn % 7 == number:
                            connection.execute("SELECT clusters.fold_hit_days()")
        except psycopg.Error as error:
            faults.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join(120)

    assert faults == []
    with psycopg.connect(url, autocommit=True) as connection:
        counted = agrees(connection)
        assert sum(row[3] for row in counted) > 1000
        connection.execute("SELECT clusters.fold_hit_days()")
        assert agrees(connection) == counted
        assert table(connection, "SELECT count(*)::int FROM clusters.hit_day") == [(len(counted),)]
    engine.discard(url)


@BOTH
def test_rows_are_folded_now_and_then_by_those_who_write(evidence):
    evidence.execute(
        "INSERT INTO clusters.hit_episode SELECT 'c' || n, 'rules.' || n % 3, 'K', now() FROM generate_series(1, 5) AS n"
    )
    for number in range(5_000):
        evidence.execute("UPDATE clusters.hit_episode SET appeared_at = %s", [CHECKED + timedelta(days=number % 4)])

    agrees(evidence)
    assert table(evidence, "SELECT count(*) < 5000 FROM clusters.hit_day") == [(True,)]


@BOTH
def test_what_comes_up_is_counted_by_its_day_of_utc(evidence):
    evidence.execute("SET LOCAL timezone = 'Asia/Tokyo'")
    evidence.execute(
        "INSERT INTO clusters.hit_episode VALUES ('c', 'r', 'K', '2026-03-01 23:30Z', '2026-03-02 00:10Z')"
    )

    assert agrees(evidence) == [(date(2026, 3, 1), "r", "K", 1, 0), (date(2026, 3, 2), "r", "K", 0, 1)]


@BOTH
def test_a_transaction_that_holds_on_to_what_it_saw_first_folds_nothing(engine):
    url = engine.fresh_database(template(engine))
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(2):
            connection.execute("INSERT INTO clusters.hit_episode VALUES ('c', 'r', 'K', clock_timestamp())")
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT clusters.fold_hit_days(); COMMIT")
        assert table(connection, "SELECT count(*)::int FROM clusters.hit_day") == [(2,)]
        connection.execute("SELECT clusters.fold_hit_days()")
        assert table(connection, "SELECT count(*)::int FROM clusters.hit_day") == [(1,)]
    engine.discard(url)


@BOTH
def test_history_is_written_by_its_primary_key_whatever_the_planner_knows(engine):
    url = engine.fresh_database(template(engine))
    with psycopg.connect(url, autocommit=True) as connection:
        for turn in range(4):
            findings = FINDINGS[:2] if turn % 2 else FINDINGS[2:]
            for cluster in CLUSTERS:
                message = report(cluster, 1, findings, CHECKED + timedelta(hours=turn))
                accept(Transaction(connection), "report", [message])
            connection.execute("ANALYZE" if turn == 1 else "SELECT 1")
        connection.execute("SELECT pg_stat_force_next_flush()")
    with psycopg.connect(url, autocommit=True) as connection:
        scans = dict(
            table(
                connection,
                "SELECT indexrelname::text, idx_scan FROM pg_stat_user_indexes WHERE relname = 'hit_episode'",
            )
        )
        assert scans.pop("hit_episode_pkey") > 0
        assert set(scans.values()) == {0}
    engine.discard(url)
