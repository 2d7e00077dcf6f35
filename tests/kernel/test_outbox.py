"""What is posted is sent after the commit, in order, at least once; a topic that is away holds up no other."""

from __future__ import annotations

import random
import threading
from contextlib import contextmanager, suppress

import psycopg
import pytest
from confluent_kafka import KafkaError
from prometheus_client import REGISTRY

from evistore.kernel import outbox
from evistore.kernel.database import Database
from evistore.kernel.errors import Misconfigured, Rejected, Unavailable
from evistore.kernel.kafka import Sender, fault_of
from evistore.kernel.migrations import KERNEL, migrate
from evistore.kernel.outbox import Posted, post, send, sending
from fixtures.consuming import eventually, execute, rows
from fixtures.reporting import arrived, settings

KAFKA = pytest.mark.parametrize("broker_process", ["kafka"], indirect=True)
TANSU = pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
WAITING = "SELECT topic, key, value FROM evistore.outbox ORDER BY id"


@pytest.fixture(scope="module")
def template(postgres18):
    url = postgres18.fresh_database()
    migrate(url, [KERNEL])
    return url


@pytest.fixture
def url(postgres18, template):
    url = postgres18.fresh_database(template)
    yield url
    postgres18.discard(url)


@pytest.fixture
def database(url):
    with Database(url, size=4, timeout=2) as database:
        yield database


def posted(database, topic, *values):
    with database.transaction() as tx:
        post(tx, [Posted(topic, None, value) for value in values])


@contextmanager
def sender(broker, url):
    with Sender(settings(broker, "none", url)) as one:
        yield one


def test_messages_arrive_in_the_order_of_posting_with_every_byte(broker, url, database):
    topic = broker.fresh_topic()
    messages = [Posted(topic, key, value) for key in (None, b"", b"\xff\0") for value in (b"", b"\0\xff\\", b"1")]
    with database.transaction() as tx:
        post(tx, messages)
        post(tx, [Posted(topic, b"k", str(number).encode()) for number in range(1200)])
    with sender(broker, url) as one:
        assert [send(database, one, topic) for _ in range(4)] == [500, 500, 209, 0]

    found = arrived(broker, topic, 1209)
    assert [(message.key(), message.value()) for message in found[:9]] == [(one.key, one.value) for one in messages]
    assert [message.value() for message in found[9:]] == [str(number).encode() for number in range(1200)]
    assert rows(url, WAITING) == []


def test_what_a_rollback_undoes_is_not_sent(database, url):
    with suppress(ZeroDivisionError), database.transaction() as tx:
        post(tx, [Posted("t", None, b"1")])
        raise ZeroDivisionError
    assert (outbox.topics(database), rows(url, WAITING)) == ([], [])


def test_two_senders_pass_over_what_the_other_holds(database):
    posted(database, "t", b"1", b"2")
    take = outbox.SQL["take"]
    with suppress(ZeroDivisionError), database.transaction() as first:
        assert [one.value for one in first.all(Posted, take, topic="t", most=1, bytes=100)] == [b"1"]
        with database.transaction() as second:
            assert [one.value for one in second.all(Posted, take, topic="t", most=10, bytes=100)] == [b"2"]
        raise ZeroDivisionError
    with database.transaction() as third:
        assert [one.value for one in third.all(Posted, take, topic="t", most=10, bytes=100)] == [b"1"]


def test_one_transaction_takes_no_more_than_fits_into_memory(database):
    posted(database, "t", b"x" * 60, b"x" * 60, b"", b"x" * 500, b"x")
    with database.transaction() as tx:
        lots = [
            [len(one.value) for one in tx.all(Posted, outbox.SQL["take"], topic="t", most=3, bytes=100)]
            for _ in range(4)
        ]
    assert lots == [[60, 60], [0, 500], [1], []]


@KAFKA
def test_when_the_broker_does_not_answer_nothing_goes_from_the_outbox(broker, url, database):
    topic = broker.fresh_topic()
    posted(database, topic, b"1")
    with sender(broker, url) as one:
        broker.kill()
        with pytest.raises(Unavailable) as caught:
            send(database, one, topic)
    assert (caught.value.code, len(rows(url, WAITING))) == ("broker-away", 1)

    broker.start()
    with sender(broker, url) as one:
        assert send(database, one, topic) == 1
    assert [message.value() for message in arrived(broker, topic, 1)] == [b"1"]


@KAFKA
def test_a_message_larger_than_its_topic_takes_is_told_and_costs_no_other(broker, url, database):
    topic = broker.fresh_topic()
    noise = random.Random(1).randbytes(1_500_000)
    posted(database, topic, b"1", noise, b"2")
    with sender(broker, url) as one:
        assert send(database, one, topic) == 3

    assert {message.value() for message in arrived(broker, topic, 2)} == {b"1", b"2"}
    assert rows(url, WAITING) == []
    told = [
        REGISTRY.get_sample_value(f"evistore_outbox_{name}_total", {"topic": topic}) for name in ("sent", "refused")
    ]
    assert told == [2, 1]


@KAFKA
def test_a_topic_that_is_not_there_is_waited_for_and_holds_up_no_other(broker, url, database):
    known = broker.fresh_topic()
    posted(database, "outbox-comes-later", b"1")
    posted(database, known, b"2")
    with sending(settings(broker, "none", url), database):
        assert [message.value() for message in arrived(broker, known, 1)] == [b"2"]
        assert rows(url, WAITING) == [("outbox-comes-later", None, b"1")]
        broker.create_topic("outbox-comes-later")
        assert [message.value() for message in arrived(broker, "outbox-comes-later", 1)] == [b"1"]


@TANSU
def test_what_was_posted_before_the_end_is_still_sent(broker, url, database):
    topic = broker.fresh_topic()
    with sending(settings(broker, "none", url), database) as failed:
        posted(database, topic, *(str(number).encode() for number in range(300)))
        assert not failed()
    assert rows(url, WAITING) == []
    assert len(arrived(broker, topic, 300)) == 300


@TANSU
def test_the_end_does_not_wait_for_a_database_that_is_away(broker, url):
    with (
        Database(url.replace("/test_", "/not_there_"), timeout=1) as nowhere,
        sending(settings(broker, "none", url), nowhere) as failed,
    ):
        threading.Event().wait(0.3)
        assert not failed()


@TANSU
def test_a_bug_is_told_at_once_and_raised_at_the_end(broker, url, database):
    execute(
        url,
        """CREATE OR REPLACE FUNCTION evistore.posted_topics() RETURNS SETOF text LANGUAGE sql AS 'SELECT (1 / 0)::text'""",
    )
    with pytest.raises(psycopg.errors.DivisionByZero), sending(settings(broker, "none", url), database) as failed:
        eventually(failed, True)


def test_the_service_can_post_and_send_and_nobody_else_can(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET ROLE evistore_service")
        connection.execute("SELECT evistore.post(ARRAY['t'], ARRAY[NULL::bytea], ARRAY['\\x00'::bytea])")
        assert connection.execute("SELECT evistore.posted_topics()").fetchall() == [("t",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT FROM evistore.outbox")
        connection.execute("RESET ROLE")
        connection.execute("CREATE ROLE outbox_stranger")
        connection.execute("SET ROLE outbox_stranger")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT evistore.take_posted('t', 1, 1)")
        connection.execute("RESET ROLE")
        connection.execute("DROP ROLE outbox_stranger")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, Misconfigured),
        (KafkaError.SASL_AUTHENTICATION_FAILED, Misconfigured),
        (KafkaError.UNKNOWN_TOPIC_OR_PART, Unavailable),
        (KafkaError.MSG_SIZE_TOO_LARGE, Rejected),
    ],
)
def test_what_the_broker_says_tells_who_must_act(code, kind):
    assert isinstance(fault_of(KafkaError(code)), kind)
