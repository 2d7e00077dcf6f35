"""Messages about clusters from a real broker into a real database: each becomes what it says, or is kept with all that is wrong with it."""

from __future__ import annotations

import gzip
import json
import re
import socket
from contextlib import contextmanager
from urllib.request import urlopen

import psycopg
import pytest
import zstandard
from confluent_kafka import Consumer
from psycopg.conninfo import make_conninfo

from evistore.app import consume
from evistore.kernel.errors import Misconfigured
from evistore.kernel.settings import Settings
from fixtures.consuming import eventually, execute, rows
from fixtures.databases import template
from fixtures.insights_messages import CHECKED, body, report_message, workload, workloads_message
from fixtures.reporting import arrived, consuming, send, settings, state
from fixtures.serving import cdevent
from fixtures.source import REPOSITORY

TANSU = pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
KAFKA = pytest.mark.parametrize("broker_process", ["kafka"], indirect=True)
FIRST, SECOND, THIRD = (f"00000000-0000-4000-8000-00000000000{number}" for number in range(3))


@pytest.fixture
def fresh(postgres18):
    """Makes migrated databases."""
    made = []

    def make():
        made.append(postgres18.fresh_database(template(postgres18)))
        return made[-1]

    yield make
    for one in made:
        postgres18.discard(one)


@pytest.fixture
def url(fresh):
    return fresh()


def positions(url):
    return dict(rows(url, "SELECT topic, next_offset FROM evistore.consumer_position"))


@contextmanager
def watched(given):
    """A consumer, and a function that reads its metrics."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with consuming(given.model_copy(update={"metrics_port": port})):
        eventually(lambda: listens(port), True)
        yield lambda: urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def values_of(page, name):
    """Every sample of *name* on a page of metrics, by its labels."""
    return {labels: float(value) for labels, value in re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", page, re.MULTILINE)}


def told(page, topic):
    """What became of the messages of *topic*."""
    found = values_of(page, "evistore_consumer_messages_total")
    return {labels.split('"')[1]: number for labels, number in found.items() if f'topic="{topic}"' in labels}


def test_reports_and_workloads_are_stored_however_they_are_packed(broker, url):
    reports, workloads = broker.fresh_topic(), broker.fresh_topic()
    send(
        broker,
        reports,
        [
            report_message(1, FIRST, ["a.one|K", "a.two|K"], version="4.14.1"),
            None,
            gzip.compress(report_message(2, SECOND, ["a.one|K"])),
            zstandard.compress(report_message(3, THIRD, [])),
        ],
    )
    send(broker, workloads, [workloads_message(1, FIRST), zstandard.compress(workloads_message(2, SECOND)), None])
    given = settings(broker, "packed", url, kafka_report_topics=[reports], kafka_workload_topics=[workloads])
    with consuming(given):
        eventually(lambda: positions(url), {reports: 4, workloads: 3})

    found = state(url)
    assert [(row[0], row[1], row[4]) for row in found["report"]] == [(1, FIRST, 0), (2, SECOND, 2), (3, THIRD, 3)]
    assert [row[1:4] for row in found["rule_hit"]] == [
        (FIRST, "a.one.report", "K"),
        (FIRST, "a.two.report", "K"),
        (SECOND, "a.one.report", "K"),
    ]
    assert found["report_info"] == [(1, FIRST, "4.14.1")]
    assert [row[:3] for row in found["dvo_report"]] == [(1, FIRST, "A"), (2, SECOND, "A")]
    assert found["consumer_error"] == []


FAULTY = {
    b"": [("", "json-invalid")],
    b"no JSON": [("", "json-invalid")],
    b'{"a":1} {"b":2}': [("", "json-invalid")],
    b"[1]": [("", "type-wrong")],
    b"[" * 5000: [("", "too-deep")],
    report_message(OrgID="1", ClusterName="none", LastChecked="soon", Report=[1]): [
        ("/OrgID", "type-wrong"),
        ("/ClusterName", "uuid-invalid"),
        ("/LastChecked", "time-invalid"),
        ("/Report", "type-wrong"),
    ],
    report_message(OrgID=..., Report=...): [("/OrgID", "attribute-missing"), ("/Report", "attribute-missing")],
    report_message(org=2**31): [("/OrgID", "org-out-of-range")],
    report_message(hits=["a|K", "a|K"]): [("/Report/reports/1", "hit-duplicate")],
    report_message(hits=[("a", "nul\0")]): [("/Report/reports/0/key", "nul-character")],
    report_message()[:-1] + b',"x":"\xff\xfe"}': [("", "not-utf8")],
    report_message() + b"\0": [("", "json-invalid")],
    b"\x1f\x8b\x08 broken": [("", "gzip-broken")],
    b"\x28\xb5\x2f\xfd broken": [("", "zstd-broken")],
    report_message(pad="x" * 20_000): [("", "too-large")],
    gzip.compress(report_message(pad="x" * 20_000), mtime=0): [("", "too-large")],
}
"""What came, and the pointers and codes of its faults."""


def test_faulty_messages_are_kept_with_all_their_faults_and_cost_no_other(broker, url):
    topic = broker.fresh_topic()
    between = [report_message(number, f"{number:08}-0000-4000-8000-000000000000") for number in range(len(FAULTY))]
    send(broker, topic, [value for pair in zip(FAULTY, between, strict=True) for value in pair])
    with consuming(settings(broker, "faulty", url, kafka_report_topics=[topic], clusters_message_limit=16_384)):
        eventually(lambda: positions(url), {topic: 2 * len(FAULTY)})

    kept = rows(url, "SELECT topic_offset, error, faults FROM clusters.consumer_error ORDER BY topic_offset")
    assert [row[0] for row in kept] == list(range(0, 2 * len(FAULTY), 2))
    assert [[(one["pointer"], one["code"]) for one in row[2]] for row in kept] == list(FAULTY.values())
    assert [row[1] for row in kept] == ["; ".join(one["text"] for one in row[2]) for row in kept]
    old = "SELECT topic, partition, topic_offset, error FROM public.consumer_error ORDER BY topic_offset"
    assert rows(url, old) == [(topic, 0, row[0], row[1]) for row in kept]
    assert rows(url, "SELECT org_id FROM public.report ORDER BY 1") == [(number,) for number in range(len(FAULTY))]


@TANSU
def test_faulty_messages_are_kept_with_every_byte_their_key_and_their_time(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, ["naïve".encode() + b"\xff\0\\", b"plain"], keys=[b"\xfekey\0", None])
    with consuming(settings(broker, "bytes", url, kafka_report_topics=[topic])):
        eventually(lambda: positions(url), {topic: 2})

    kept = rows(url, "SELECT message, key, error FROM public.consumer_error ORDER BY topic_offset")
    assert kept[0] == ("naïve\\xff\\x00\\", "\\xfekey\\x00", "the value is not UTF-8: byte 6 is wrong")
    assert kept[1][:2] == ("plain", None)
    late = "SELECT count(*) FROM public.consumer_error WHERE consumed_at - produced_at NOT BETWEEN '-1 s' AND '1 min'"
    assert rows(url, late) == [(0,)]


@TANSU
def test_faulty_workloads_are_kept_as_well(broker, url):
    topic = broker.fresh_topic()
    wrong = workloads_message(Metrics={"workload_recommendations": None})
    send(broker, topic, [wrong, workloads_message(items=[workload(links=[])]), workloads_message()])
    with consuming(settings(broker, "workloads", url, kafka_workload_topics=[topic])):
        eventually(lambda: positions(url), {topic: 3})

    kept = rows(url, "SELECT message, faults FROM clusters.consumer_error ORDER BY topic_offset")
    assert kept[0][0] == wrong.decode()
    assert [[one["pointer"] for one in row[1]] for row in kept] == [
        ["/Metrics/workload_recommendations"],
        ["/Metrics/workload_recommendations/0/links"],
    ]
    assert len(state(url)["dvo_report"]) == 1


@TANSU
def test_what_postgresql_itself_refuses_costs_no_other(broker, url):
    execute(url, "ALTER TABLE public.report ADD CONSTRAINT unlucky CHECK (org_id <> 13)")
    topic = broker.fresh_topic()
    send(
        broker,
        topic,
        [report_message(org, f"{org:08}-0000-4000-8000-000000000000", RequestId="r") for org in range(30)],
    )
    given = settings(broker, "refused", url, kafka_report_topics=[topic])
    with consuming(given):
        eventually(lambda: positions(url), {topic: 30})

    ((offset, faults),) = rows(url, "SELECT topic_offset, faults FROM clusters.consumer_error")
    assert (offset, [(one["pointer"], one["code"]) for one in faults]) == (13, [("", "data-refused")])
    assert rows(url, "SELECT org_id FROM public.report ORDER BY 1") == [(org,) for org in range(30) if org != 13]


@TANSU
def test_a_message_that_says_nothing_is_skipped_and_one_that_says_no_hits_clears(broker, url):
    topic = broker.fresh_topic()
    nothing = {"system": {"hostname": None}, "fingerprints": [], "reports": [], "analysis_metadata": {"a": 1}}
    del nothing["reports"]
    send(
        broker,
        topic,
        [
            report_message(1, FIRST),
            report_message(1, FIRST, Report=nothing, LastChecked="2026-06-15T13:00:00Z"),
            report_message(1, FIRST, Report={}, LastChecked="2026-06-15T14:00:00Z"),
            report_message(1, SECOND),
            report_message(1, SECOND, [], LastChecked="2026-06-15T13:00:00Z"),
        ],
    )
    with watched(settings(broker, "empty", url, kafka_report_topics=[topic])) as metrics:
        eventually(lambda: told(metrics(), topic), {"stored": 3, "skipped": 2})

    found = state(url)
    assert [row[1] for row in found["rule_hit"]] == [FIRST]
    assert [row[1:2] + row[4:5] for row in found["report"]] == [(FIRST, 0), (SECOND, 4)]


@TANSU
def test_only_listed_organisations_are_taken_in(broker, url, tmp_path):
    listed = tmp_path / "organisations.csv"
    listed.write_text("﻿org_id,name\n1,one\n\n 3 \n", "utf-8")
    topic, workloads = broker.fresh_topic(), broker.fresh_topic()
    send(broker, topic, [report_message(org, f"{org:08}-0000-4000-8000-000000000000") for org in (1, 2, 3)])
    send(broker, workloads, [workloads_message(2)])
    given = settings(broker, "listed", url, kafka_report_topics=[topic], kafka_workload_topics=[workloads])
    with consuming(given.model_copy(update={"clusters_organizations_file": listed})):
        eventually(lambda: positions(url), {topic: 3, workloads: 1})

    assert [row[0] for row in state(url)["report"]] == [1, 3]
    errors = rows(url, "SELECT topic, error FROM public.consumer_error")
    assert sorted(errors) == sorted((one, "organization ID is not in allow list") for one in (topic, workloads))


@pytest.mark.parametrize("content", [b"head\none", b"head\n\xff", b'head\n"' + b"1" * 200_000, None])
def test_a_list_of_organisations_that_cannot_be_read_ends_it_at_once(tmp_path, content):
    file = tmp_path / "organisations.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Misconfigured) as caught:
        consume(Settings(_env_file=None, clusters_organizations_file=file))
    assert caught.value.code == "organizations-file"


def test_a_topic_of_two_kinds_ends_it_at_once():
    with pytest.raises(Misconfigured, match=r"named once: ccx\.ocp\.results") as caught:
        consume(Settings(_env_file=None, kafka_topics=["ccx.ocp.results"]))
    assert caught.value.code == "kafka-topics"


def test_offsets_beyond_31_bits_are_told_whole(url):
    record = """SELECT clusters.record_faults(ARRAY['t'], ARRAY[0], ARRAY[%s::bigint], ARRAY['k'], ARRAY[%s::timestamptz], ARRAY[%s],
        ARRAY['wrong'], ARRAY[jsonb_build_array(%s::int)])"""
    with psycopg.connect(url, autocommit=True) as connection:
        for offset, number in ((5, 1), (2**31 + 5, 2), (2**40 + 6, 3)):
            connection.execute(record, (offset, CHECKED, f"m{number}", number))
    told = rows(url, "SELECT topic_offset, message, faults FROM clusters.consumer_error ORDER BY 1")
    assert told == [(2**31 + 5, "m2", [2]), (2**40 + 6, "m3", [3])]
    assert rows(url, "SELECT topic_offset FROM public.consumer_error ORDER BY 1") == [(5,), (6,)]

    execute(
        url,
        f"""SELECT clusters.store_reports(ARRAY[1], ARRAY['{FIRST}'], ARRAY['{{}}'], ARRAY[now()], ARRAY[NULL::timestamptz],
            ARRAY[{2**40}], ARRAY[NULL], ARRAY[0], '{{}}', '{{}}', '{{}}')""",
    )
    assert rows(url, "SELECT kafka_offset FROM public.report") == [(2**40,)]


def test_a_faulty_message_that_is_kept_stays_as_it_is_and_another_in_its_place_replaces_it(url):
    record = """SELECT clusters.record_faults(ARRAY['t'], ARRAY[0], ARRAY[0], ARRAY['k'], ARRAY[now()], ARRAY[%s], ARRAY[%s], ARRAY[%s::jsonb])"""
    whole = "SELECT e.*, f.faults, e.xmin, f.xmin FROM public.consumer_error e, clusters.consumer_fault f"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(record, ("one", "first", "[1]"))
        before = rows(url, whole)
        connection.execute(record, ("one", "first", "[1]"))
        assert rows(url, whole) == before
        connection.execute(record, ("two", "second", "[2]"))
    assert rows(url, "SELECT message, error, faults FROM clusters.consumer_error") == [("two", "second", [2])]


@pytest.fixture
def service(url):
    """The URL of a login that may do what the role of the program may, and nothing else."""
    execute(url, "CREATE ROLE evistore_test_consumer LOGIN IN ROLE evistore_service")
    yield make_conninfo(url, user="evistore_test_consumer")
    execute(url, "DROP ROLE evistore_test_consumer")


def test_copies_go_to_the_dead_letter_topic_and_the_tracker_hears_of_each_step(broker, url, service):
    topic, dead, tracker = (broker.fresh_topic() for _ in range(3))
    broken = b"\x1f\x8b\x08 broken"
    wrong = report_message("text", FIRST, RequestId="r-2", AccountNumber=...)
    old = report_message(1, FIRST, RequestId="r-4", LastChecked="2025-01-01T00:00:00Z")
    values = [report_message(1, FIRST, RequestId="r-1"), wrong, report_message(1, SECOND), broken, old]
    send(broker, topic, values, keys=[b"key"] * 5)
    given = settings(
        broker,
        "copies",
        service,
        kafka_report_topics=[topic],
        kafka_dead_letter_topic=dead,
        kafka_tracker_topic=tracker,
        kafka_tracker_service="evidence",
    )
    with consuming(given):
        letters, steps = arrived(broker, dead, 2), arrived(broker, tracker, 9)

    assert [one.value() for one in letters] == [wrong, broken]
    assert {(one.key(), one.headers()) for one in letters + steps} == {(None, None)}
    told = [json.loads(one.value()) for one in steps]
    assert [(one["request_id"], one["status"]) for one in told] == [
        (request, status)
        for request, end in (("r-1", "success"), ("r-2", "error"), ("r-4", "success"))
        for status in ("received", "processed", end)
    ]
    assert told[0] == {
        "service": "evidence",
        "request_id": "r-1",
        "status": "received",
        "date": told[0]["date"],
        "org_id": "1",
        "account": "10",
    }
    assert told[3].keys() == {"service", "request_id", "status", "date"}
    dates = [one["date"] for one in told[:3]]
    assert dates == sorted(dates)
    assert all(date.endswith("+00:00") for date in dates)
    assert rows(url, "SELECT count(*) FROM evistore.outbox") == [(0,)]


@KAFKA
def test_a_copy_that_is_too_large_for_its_topic_costs_no_other(broker, url):
    topic, dead = broker.fresh_topic(), broker.fresh_topic()
    large = bytes(range(1, 256)) * 12_000  # three times what the broker takes, when it is not compressed
    noise = zstandard.compress(large) + b"broken"
    send(broker, topic, [b"one", noise, b"two"])
    given = settings(broker, "large", url, kafka_report_topics=[topic], kafka_dead_letter_topic=dead)
    with watched(given) as metrics:
        assert {one.value() for one in arrived(broker, dead, 3)} == {b"one", noise, b"two"}
        eventually(lambda: rows(url, "SELECT count(*) FROM evistore.outbox"), [(0,)])
        page = metrics()
    assert values_of(page, "evistore_outbox_sent_total")[f'topic="{dead}"'] == 3


@TANSU
def test_small_messages_that_stand_for_much_are_stored_in_lots(broker, url):
    topic, padding = broker.fresh_topic(), {"analysis_metadata": {"pad": "x" * 1_500_000}}
    values = [
        gzip.compress(report_message(1, f"{number:08}-0000-4000-8000-000000000000", Report=body(**padding)))
        for number in range(24)
    ]
    send(broker, topic, [*values, values[0]])
    with watched(settings(broker, "lots", url, kafka_report_topics=[topic], kafka_batch_seconds=2)) as metrics:
        eventually(lambda: told(metrics(), topic), {"stored": 24, "repeated": 1})
    # Each lot has a savepoint of its own, which shows in xmin.
    assert rows(
        url, "SELECT count(*), count(DISTINCT xmin::text), sum(length(report)) > 24 * 1500000 FROM public.report"
    ) == [(24, 2, True)]


QUESTIONS = re.findall(r"```sql\n(.*?);\n```", (REPOSITORY / "docs/operate/kafka.md").read_text("utf-8"), re.DOTALL)


@TANSU
def test_the_questions_of_the_operators_page_are_answered(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, [report_message(), report_message("1", "none")])
    given = settings(broker, "evistore", url, kafka_report_topics=[topic])
    with consuming(given):
        eventually(lambda: positions(url), {topic: 2})
    execute(url, "SELECT evistore.post(ARRAY['dead'], ARRAY[NULL::bytea], ARRAY['\\x00'::bytea])")

    stands, faults, waiting = (rows(url, question.replace("%", "%%")) for question in QUESTIONS)
    assert [row[:3] for row in stands] == [(topic, 0, 2)]
    assert sorted(row[4:6] for row in faults) == [("/ClusterName", "uuid-invalid"), ("/OrgID", "type-wrong")]
    assert [row[:2] for row in waiting] == [("dead", 1)]


NAMES = (
    "consumed_messages",
    "consuming_errors",
    "messages_with_empty_rule_execution_result",
    "written_reports",
    "produced_messages",
    "successful_messages_processing_time_count",
    "successful_messages_processing_time_sum",
    "failed_messages_processing_time_count",
    "failed_messages_processing_time_sum",
    "last_checked_timestamp_lag_minutes_count",
)


@TANSU
def test_metrics_have_the_names_of_old_dashboards_and_labels_of_a_fixed_list(broker, url):
    topic, dead = broker.fresh_topic(), broker.fresh_topic()
    send(broker, topic, [report_message(), report_message(Report={}), b"wrong", report_message(), None])
    given = settings(
        broker,
        "metrics",
        url,
        kafka_report_topics=[topic],
        kafka_dead_letter_topic=dead,
        clusters_metrics_namespace="insights",
    )
    with watched(given) as metrics:
        arrived(broker, dead, 1)
        eventually(lambda: values_of(metrics(), "evistore_consumer_lag").get(f'partition="0",topic="{topic}"'), 0)
        page = metrics()

    found = [values_of(page, f"insights_{name}")[""] for name in NAMES]
    consumed, errors, empty, written, produced, good, good_seconds, bad, bad_seconds, lag = found
    assert (consumed, errors, empty, written, good, bad, lag) == (5, 1, 1, 1, 4, 1, 3)
    assert produced == sum(values_of(page, "evistore_outbox_sent_total").values())
    assert good_seconds == pytest.approx(4 * bad_seconds)
    assert bad_seconds > 0
    labels = {label for line in re.findall(r"^(?:insights|evistore_(?:consumer|outbox))_\w+{(.*)}", page, re.MULTILINE)
              for label in re.findall(r'(\w+)="', line)}  # fmt: skip
    assert labels <= {"topic", "partition", "outcome", "code", "le"}
    words = {re.search('outcome="(.*?)"', one)[1] for one in values_of(page, "evistore_consumer_messages_total")}
    assert words <= {
        "stored",
        "older",
        "repeated",
        "skipped",
        "faulty",
        "tombstone",
        "set-aside",
        "duplicate",
        "conflict",
        "rejected",
    }


def test_both_bodies_of_evidence_come_in_through_one_process(broker, url):
    events, reports, workloads = (broker.fresh_topic() for _ in range(3))
    send(broker, events, [json.dumps(cdevent("e-1")).encode(), b"no event"])
    send(broker, reports, [report_message(1, FIRST), b"no report"])
    send(broker, workloads, [workloads_message(1, FIRST)])
    topics = {"kafka_topics": [events], "kafka_report_topics": [reports], "kafka_workload_topics": [workloads]}
    with consuming(settings(broker, "both", url, **topics)):
        eventually(lambda: positions(url), {events: 2, reports: 2, workloads: 1})

    assert rows(url, "SELECT context_id FROM cdviz.cdevents_lake") == [("e-1",)]
    assert [len(state(url)[table]) for table in ("report", "dvo_report", "consumer_error")] == [1, 1, 1]
    assert rows(url, "SELECT context, raw FROM evistore.quarantine") == [("delivery", b"no event")]


@KAFKA
def test_two_databases_are_filled_by_one_process_and_it_ends_when_one_of_them_cannot_be(broker, fresh):
    delivery, clusters = fresh(), fresh()
    events, reports = broker.fresh_topic(), broker.fresh_topic()
    given = settings(
        broker, "apart", delivery, clusters_database_url=clusters, kafka_topics=[events], kafka_report_topics=[reports]
    )
    send(broker, events, [json.dumps(cdevent("e-1")).encode()])
    send(broker, reports, [report_message(1, FIRST)])
    with pytest.raises(Misconfigured) as caught, consuming(given) as thread:  # noqa: PT012  # what ends it comes later
        eventually(lambda: (positions(delivery), positions(clusters)), ({events: 1}, {reports: 1}))
        execute(clusters, "ALTER FUNCTION clusters.store_reports RENAME TO gone")
        send(broker, reports, [report_message(1, SECOND)])
        eventually(thread.is_alive, False)
    assert caught.value.code == "database-refuses"

    execute(clusters, "ALTER FUNCTION clusters.gone RENAME TO store_reports")
    send(broker, events, [json.dumps(cdevent("e-2")).encode()])
    with consuming(given):
        eventually(lambda: (positions(delivery), positions(clusters)), ({events: 2}, {reports: 2}))
    assert rows(delivery, "SELECT count(*) FROM public.report") == [(0,)]
    assert [row[1] for row in state(clusters)["report"]] == [FIRST, SECOND]
    assert rows(clusters, "SELECT count(*) FROM cdviz.cdevents_lake") == [(0,)]


@KAFKA
def test_a_group_whose_members_share_partitions_in_another_way_is_not_joined(broker, url):
    topic = broker.fresh_topic()
    options = {"bootstrap.servers": broker.bootstrap, "group.id": "older", "partition.assignment.strategy": "range"}
    older = Consumer(options | {"session.timeout.ms": 6000, "log_level": 2})
    older.subscribe([topic])
    eventually(lambda: older.poll(0.1) or bool(older.assignment()), True)
    try:
        given = settings(broker, "older", url, kafka_report_topics=[topic])
        with pytest.raises(Misconfigured) as caught, consuming(given) as thread:
            eventually(thread.is_alive, False)
    finally:
        older.close()
    assert caught.value.code == "broker-refuses"
