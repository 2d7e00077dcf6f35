"""What is old goes with all that hangs on it, is counted truly before, and nothing else goes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from evistore.clusters import ingest
from evistore.clusters.cleaning import TABLES, clean_named, clean_old, disagreements
from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Misconfigured, Rejected
from fixtures.commands import evistore
from fixtures.insights_messages import report_message, workload, workloads_message

every = pytest.mark.parametrize("engine", ["native", "native15", "timescale"], indirect=True)
servers = pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
native = pytest.mark.parametrize("engine", ["native"], indirect=True)

NOW = datetime.now(UTC)
AGE = "90 days"
USERS = {
    "public.cluster_rule_toggle": "(cluster_id, rule_id, disabled, updated_at, error_key, org_id) VALUES (%(c)s, 'r', 1, now(), 'K', '1')",
    "public.cluster_user_rule_disable_feedback": "(cluster_id, user_id, rule_id, message, added_at, updated_at)"
    " VALUES (%(c)s, 'u', 'r', '', now(), now())",
}
SETTLED = {
    "public.rule_disable": "(org_id, rule_id, error_key, created_at) VALUES ('1', %(c)s, 'K', now() - interval '3 years')",
    "public.advisor_ratings": "(org_id, rule_fqdn, error_key, rated_at) VALUES ('1', %(c)s, 'K', now() - interval '3 years')",
}


@pytest.fixture
def database(delivery_url):
    with Database(delivery_url, size=2) as database:
        yield database


def meanwhile(work: Callable[[], Any]) -> Callable[[], Any]:
    """Begin *work* in a thread; the function that waits for its end and gives what it gave."""
    pool = ThreadPoolExecutor(1)
    return pool.submit(work).result


def waits(connection: psycopg.Connection) -> bool:
    """Whether somebody waits for a lock, within ten seconds."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        if connection.execute(query).fetchone()[0]:
            return True
        time.sleep(0.01)
    return False


def accepted(url: str, raw: bytes) -> list[str]:
    """What became of the report *raw*, stored in a transaction of its own."""
    with psycopg.connect(url) as connection:
        return [one.outcome for one in ingest.accept(Transaction(connection), "report", [raw])]


def reported(connection: psycopg.Connection, *, days: float, org: int = 1, hits=("a.b|K1", "a.c|K2")) -> str:
    """Store the report of a new cluster that was stored *days* ago, with hits, version and a vote; its name."""
    cluster = str(uuid4())
    raw = report_message(org=org, cluster=cluster, hits=hits, version="4.14.1", last_checked=NOW - timedelta(days=days))
    assert [one.outcome for one in ingest.accept(Transaction(connection), "report", [raw])] == ["stored"]
    connection.execute(
        "UPDATE public.report SET reported_at = timezone('utc', now()) - %s * interval '1 day' WHERE cluster = %s",
        [days, cluster],
    )
    connection.execute(
        "INSERT INTO public.cluster_rule_user_feedback (cluster_id, rule_id, user_id, message, user_vote, added_at, updated_at)"
        " VALUES (%s, 'r', 'u', '', 1, now(), now())",
        [cluster],
    )
    return cluster


def running(connection: psycopg.Connection, *, days: float, namespaces=(("A", "u1"), ("B", "u2"))) -> str:
    """Store the workloads of a new cluster that was looked at *days* ago; its name."""
    cluster = str(uuid4())
    raw = workloads_message(
        cluster=cluster, items=[workload(namespaces=namespaces)], last_checked=NOW - timedelta(days=days)
    )
    assert [one.outcome for one in ingest.accept(Transaction(connection), "workloads", [raw])] == ["stored"]
    return cluster


def settled(connection: psycopg.Connection, cluster: str) -> None:
    for table, values in (USERS | SETTLED).items():
        connection.execute(f"INSERT INTO {table} {values}", {"c": cluster})


def census(connection: psycopg.Connection) -> dict[str, int]:
    """Rows of every table of the cluster evidence, except the audit trail."""
    tables = [*TABLES, *SETTLED]
    return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def lost(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: before[name] - after[name] for name in before if before[name] != after[name]}


def populated(connection: psycopg.Connection) -> tuple[str, str, str]:
    """An old cluster, a new one, and one with old workloads; users settled something about each; faults old and new; orphans."""
    old, new, workloads = reported(connection, days=100), reported(connection, days=80), running(connection, days=100)
    running(connection, days=10)
    for cluster in (old, new, workloads):
        settled(connection, cluster)
    connection.execute(
        "INSERT INTO public.recommendation (org_id, cluster_id, rule_fqdn, error_key) VALUES (7, %s, 'a.b', 'K')",
        [str(uuid4())],
    )
    for offset, days in ((1, 100), (2, 1)):
        Transaction(connection).run(
            "SELECT clusters.record_faults('{t}', '{0}', ARRAY[%(o)s::bigint], '{k}', ARRAY[now()], '{x}', '{bad}', ARRAY['[]'::jsonb])",
            o=offset + 2**31,
        )
        connection.execute(
            "UPDATE public.consumer_error SET consumed_at = timezone('utc', now()) - %s * interval '1 day' WHERE topic_offset = %s",
            [days, offset],
        )
    return old, new, workloads


GOES = {
    "public.report": 1,
    "public.rule_hit": 2,
    "public.recommendation": 3,
    "public.report_info": 1,
    "public.cluster_rule_user_feedback": 1,
    "clusters.hit_episode": 2,
    "dvo.dvo_report": 2,
    "clusters.workload_check": 1,
    "public.consumer_error": 1,
    "clusters.consumer_fault": 1,
}


@every
def test_what_is_old_goes_with_what_hangs_on_it_and_what_users_settled_stays(database, delivery):
    old, new, _ = populated(delivery)
    before = census(delivery)
    report = clean_old(database, AGE, apply=True)
    assert lost(before, census(delivery)) == report.rows == GOES
    assert [row[0] for row in delivery.execute("SELECT cluster FROM public.report")] == [new]
    assert delivery.execute("SELECT count(*) FROM clusters.hit_episode WHERE cluster_id = %s", [old]).fetchone() == (0,)
    assert delivery.execute("SELECT topic_offset FROM clusters.consumer_fault").fetchall() == [(2 + 2**31,)]


@every
def test_a_dry_run_counts_what_would_go_and_changes_nothing(database, delivery):
    populated(delivery)
    before = census(delivery)
    report = clean_old(database, AGE, apply=False)
    assert census(delivery) == before
    applied = clean_old(database, AGE, apply=True)
    assert report.rows == applied.rows == lost(before, census(delivery))
    assert {(one.kind, one.cluster_id) for one in report.due} == {(one.kind, one.cluster_id) for one in applied.due}
    assert {one.kind for one in report.due} == {"report", "workloads", "orphan"}


@servers
def test_cleaning_again_finds_nothing(database, delivery):
    populated(delivery)
    clean_old(database, AGE, apply=True)
    again = clean_old(database, AGE, apply=True)
    assert again.due == []
    assert set(again.rows.values()) == {0}


@servers
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_age_is_by_utc_whatever_the_session_says(delivery, delivery_url, zone):
    old, new = reported(delivery, days=90.02), reported(delivery, days=89.98)
    old_workloads, new_workloads = running(delivery, days=90.02), running(delivery, days=89.98)
    delivery.execute(f"ALTER DATABASE \"{delivery.info.dbname}\" SET timezone = '{zone}'")
    with Database(delivery_url) as database:
        report = clean_old(database, AGE, apply=True)
    assert {one.cluster_id for one in report.due} == {old, old_workloads}
    assert [row[0] for row in delivery.execute("SELECT cluster FROM public.report")] == [new]
    assert {row[0] for row in delivery.execute("SELECT cluster_id FROM dvo.dvo_report")} == {new_workloads}


@servers
def test_a_report_without_a_time_of_storing_is_as_old_as_its_check_and_one_without_any_is_not_old(database, delivery):
    checked, timeless = reported(delivery, days=100), reported(delivery, days=100)
    delivery.execute("UPDATE public.report SET reported_at = NULL")
    delivery.execute("UPDATE public.report SET last_checked_at = NULL WHERE cluster = %s", [timeless])
    assert [one.cluster_id for one in clean_old(database, AGE, apply=True).due] == [checked]


@servers
@pytest.mark.parametrize("table", ["rule_hit", "recommendation", "report_info"])
def test_what_hangs_on_no_report_goes_whatever_its_age(database, delivery, table):
    whole, torn = reported(delivery, days=1), reported(delivery, days=1)
    delivery.execute("DELETE FROM public.report WHERE cluster = %s", [torn])
    others = {"rule_hit", "recommendation", "report_info"} - {table}
    for other in others:
        delivery.execute(f"DELETE FROM public.{other} WHERE cluster_id = %s", [torn])
    report = clean_old(database, AGE, apply=True)
    assert [(one.kind, one.cluster_id) for one in report.due] == [("history", torn), ("orphan", torn)]
    assert (
        report.rows[f"public.{table}"]
        == delivery.execute("SELECT 2 - (%s = 'report_info')::int", [table]).fetchone()[0]
    )
    assert report.rows["clusters.hit_episode"] == 2
    assert delivery.execute(f"SELECT DISTINCT cluster_id FROM public.{table}").fetchall() == [(whole,)]


@servers
def test_hits_of_an_organisation_that_no_longer_has_the_cluster_are_orphans(database, delivery):
    cluster = reported(delivery, days=1, org=5)
    delivery.execute("INSERT INTO public.rule_hit VALUES (6, %s, 'a.b.report', 'K1', '', now())", [cluster])
    report = clean_old(database, AGE, apply=True)
    assert [(one.kind, one.cluster_id, one.org_id) for one in report.due] == [("orphan", cluster, 6)]
    assert delivery.execute("SELECT org_id FROM public.rule_hit").fetchall() == [(5,), (5,)]
    assert delivery.execute("SELECT count(*) FROM clusters.hit_episode").fetchone() == (2,)


@servers
def test_a_cluster_that_was_cleaned_can_report_again(database, delivery):
    old = reported(delivery, days=100)
    clean_old(database, AGE, apply=True)
    raw = report_message(cluster=old, hits=["a.b|K1"], last_checked=NOW - timedelta(days=200))
    assert [one.outcome for one in ingest.accept(Transaction(delivery), "report", [raw])] == ["stored"]
    assert delivery.execute("SELECT count(*) FROM public.rule_hit").fetchone() == (1,)


@servers
def test_a_cluster_that_reports_meanwhile_is_left_alone(database, delivery, delivery_url):
    old = reported(delivery, days=100)
    with psycopg.connect(delivery_url) as writer, writer.transaction():
        raw = report_message(cluster=old, hits=["a.b|K1", "a.d|K9"], last_checked=NOW)
        ingest.accept(Transaction(writer), "report", [raw])
        cleaned = meanwhile(lambda: clean_old(database, AGE, apply=True))
        assert waits(delivery)
    report = cleaned()
    assert [one.cluster_id for one in report.due] == [old]
    assert report.rows.get("public.report", 0) == 0
    assert delivery.execute("SELECT error_key FROM public.rule_hit ORDER BY 1").fetchall() == [("K1",), ("K9",)]
    assert delivery.execute("SELECT count(*) FROM public.cluster_rule_user_feedback").fetchone() == (1,)


@servers
def test_workloads_that_come_in_meanwhile_are_left_alone(database, delivery, delivery_url):
    old = running(delivery, days=100)
    with psycopg.connect(delivery_url) as writer, writer.transaction():
        raw = workloads_message(cluster=old, items=[workload()], last_checked=NOW)
        ingest.accept(Transaction(writer), "workloads", [raw])
        cleaned = meanwhile(lambda: clean_old(database, AGE, apply=True))
        assert waits(delivery)
    assert cleaned().rows.get("dvo.dvo_report", 0) == 0
    assert delivery.execute("SELECT namespace_id FROM dvo.dvo_report").fetchall() == [("A",)]


@servers
def test_a_report_that_comes_while_orphans_go_keeps_its_hits(delivery, delivery_url):
    torn = reported(delivery, days=1)
    delivery.execute("DELETE FROM public.report WHERE cluster = %s", [torn])
    with psycopg.connect(delivery_url) as cleaner:
        cleaner.execute("SELECT * FROM clusters.clean_cluster('orphan', %s, 1, now(), true)", [torn])
        raw = report_message(cluster=torn, hits=["a.b|K1", "a.c|K2"], last_checked=NOW)
        stored = meanwhile(lambda: accepted(delivery_url, raw))
        assert waits(delivery)
        cleaner.commit()
    assert stored() == ["stored"]
    for table in ("public.rule_hit", "public.recommendation"):
        assert delivery.execute(f"SELECT count(*) FROM {table}").fetchone() == (2,), table


@servers
def test_each_cluster_goes_in_a_transaction_of_its_own(database, delivery):
    first, second = reported(delivery, days=120), reported(delivery, days=110)
    delivery.execute(
        "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION USING ERRCODE = ''42501'', MESSAGE = ''no''; END'"
    )
    delivery.execute(
        f"CREATE TRIGGER refuse BEFORE DELETE ON public.report_info FOR EACH ROW WHEN (old.cluster_id = '{second}') EXECUTE FUNCTION public.refuse()"
    )
    with pytest.raises(Misconfigured):
        clean_old(database, AGE, apply=True)
    assert [row[0] for row in delivery.execute("SELECT cluster FROM public.report")] == [second]
    assert delivery.execute("SELECT DISTINCT cluster_id FROM public.rule_hit").fetchall() == [(second,)]
    assert first != second


@servers
def test_named_clusters_go_whole_however_new(database, delivery):
    gone, kept = reported(delivery, days=0), reported(delivery, days=0)
    raw = workloads_message(cluster=gone, items=[workload()], last_checked=NOW)
    ingest.accept(Transaction(delivery), "workloads", [raw])
    for cluster in (gone, kept):
        settled(delivery, cluster)
    before = census(delivery)
    dry = clean_named(database, [gone, gone], apply=False)
    assert census(delivery) == before
    report = clean_named(database, [gone, gone], apply=True)
    assert (
        {name: number for name, number in dry.rows.items() if number} == lost(before, census(delivery)) == report.rows
    )
    assert report.rows["public.cluster_rule_toggle"] == report.rows["public.cluster_user_rule_disable_feedback"] == 1
    assert [row[0] for row in delivery.execute("SELECT cluster FROM public.report")] == [kept]
    assert delivery.execute("SELECT count(*) FROM clusters.change WHERE cluster_id = %s", [gone]).fetchone()[0] >= 2


@servers
def test_names_that_are_no_uuid_are_told_and_passed_over(database, delivery):
    cluster = reported(delivery, days=0)
    report = clean_named(database, ["x') OR ('1'='1", cluster, "not-a-cluster"], apply=True)
    assert report.improper == ["x') OR ('1'='1", "not-a-cluster"]
    assert [one.cluster_id for one in report.due] == [cluster]
    assert census(delivery)["public.report"] == 0


@servers
def test_an_unknown_cluster_costs_nothing(database, delivery):
    reported(delivery, days=0)
    before = census(delivery)
    report = clean_named(database, [str(uuid4())], apply=True)
    assert set(report.rows.values()) == {0}
    assert census(delivery) == before


@servers
@pytest.mark.parametrize("age", ["", "yesterday", "-1 day", "0", "90 days'; DROP TABLE public.report; --", "\x00"])
def test_an_age_is_an_interval_above_zero(database, delivery, age):
    reported(delivery, days=1)
    with pytest.raises(Rejected) as told:
        clean_old(database, age, apply=True)
    assert told.value.code == "age-invalid"
    assert census(delivery)["public.report"] == 1


@servers
def test_a_kind_that_is_none_is_refused(delivery):
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        delivery.execute("SELECT clusters.clean_cluster('all', 'x')")


@servers
def test_users_who_disagree_with_a_rule_are_counted(database, delivery):
    for user in ("u1", "u2", "u3"):
        delivery.execute(
            "INSERT INTO public.cluster_user_rule_disable_feedback (cluster_id, user_id, rule_id, message, added_at, updated_at, error_key)"
            " VALUES ('c', %s, 'r', '', now(), now(), 'K')",
            [user],
        )
    with database.transaction(read_only=True) as tx:
        assert [(one.cluster_id, one.rule_id, one.error_key, one.users) for one in disagreements(tx)] == [
            ("c", "r", "K", 3)
        ]


@servers
@pytest.mark.parametrize(
    ("role", "may"), [("evistore_service", True), ("clusters_writer", False), ("clusters_reader", False)]
)
def test_only_the_program_itself_may_clean(delivery, role, may):
    old = reported(delivery, days=100)
    delivery.execute(f"SET ROLE {role}")
    try:
        delivery.execute("SELECT clusters.clean_cluster('report', %s, 1, now(), true)", [old])
        done = True
    except psycopg.errors.InsufficientPrivilege:
        done = False
    delivery.execute("RESET ROLE")
    assert done is may
    assert delivery.execute("SELECT count(*) FROM public.report").fetchone() == (0 if may else 1,)


@native
def test_the_command_counts_and_only_then_deletes(delivery, delivery_url, tmp_path):
    old = reported(delivery, days=100)
    settings = {"clusters_database_url": delivery_url, "database_url": "postgresql://127.0.0.1:1/nowhere"}
    dry = evistore("clusters", "clean", "--max-age", AGE, "--list", settings=settings)
    assert (dry.returncode, dry.stderr) == (0, "")
    assert old in dry.stdout
    assert "nothing was changed" in dry.stdout
    assert delivery.execute("SELECT count(*) FROM public.report").fetchone() == (1,)
    names = tmp_path / "clusters.txt"
    names.write_text(f"not-a-cluster\r\n\n{old}")  # the last line without its end
    done = evistore("clusters", "clean", "--clusters-file", names, "--apply", "--json", settings=settings)
    told = json.loads(done.stdout)
    assert (done.returncode, told["improper"], told["rows"]["public.report"]) == (1, ["not-a-cluster"], 1)
    assert "'not-a-cluster' is no UUID" in done.stderr
    assert delivery.execute("SELECT count(*) FROM public.report").fetchone() == (0,)
    wrong = evistore("clusters", "clean", "--max-age", "soon", settings=settings)
    assert (wrong.returncode, wrong.stderr) == (1, "evistore: 'soon' is no age such as '90 days' [age-invalid]\n")
    assert evistore("clusters", "disabled", settings=settings).stdout == "nothing there\n"
