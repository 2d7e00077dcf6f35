"""The consumer stores each message once and in order, on both brokers and a real PostgreSQL."""

from __future__ import annotations

import pytest
from confluent_kafka.admin import AdminClient
from prometheus_client import REGISTRY
from pydantic import SecretStr

from evistore.kernel.errors import Misconfigured
from evistore.kernel.migrations import KERNEL, migrate
from fixtures.consuming import TABLE, consuming, count, eventually, execute, keep, rows, send, settings

# What the two brokers could do differently is tried on both.
TANSU = pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
KAFKA = pytest.mark.parametrize("broker_process", ["kafka"], indirect=True)


@pytest.fixture(scope="module")
def template(postgres18):
    url = postgres18.fresh_database()
    migrate(url, [KERNEL])
    execute(url, TABLE)
    return url


@pytest.fixture
def url(postgres18, template):
    url = postgres18.fresh_database(template)
    yield url
    postgres18.discard(url)


def _positions(url):
    return rows(url, "SELECT topic, partition, next_offset FROM evistore.consumer_position ORDER BY 1, 2")


def test_messages_are_stored_in_the_order_of_their_partition(broker, url):
    topic = broker.fresh_topic(3)
    for partition in range(3):
        send(broker, topic, range(700), partition=partition)
    with consuming(settings(broker, "order", kafka_batch_size=100), url, topic):
        eventually(lambda: count(url), 2100)

    for partition in range(3):
        assert [row[2:] for row in rows(url) if row[1] == partition] == [(n, n) for n in range(700)]
    assert _positions(url) == [(topic, partition, 700) for partition in range(3)]


@TANSU
def test_a_batch_is_one_transaction_and_is_as_large_as_allowed(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, range(1000))
    with consuming(settings(broker, "batches", kafka_batch_size=250, kafka_batch_seconds=5), url, topic):
        eventually(lambda: count(url), 1000)

    assert rows(url, "SELECT count(*), min(place) FROM number GROUP BY batch ORDER BY 2") == [
        (250, 0),
        (250, 250),
        (250, 500),
        (250, 750),
    ]


@TANSU
def test_a_batch_does_not_wait_longer_than_allowed_to_fill(broker, url):
    topic = broker.fresh_topic()
    with consuming(settings(broker, "early", kafka_batch_size=1000, kafka_batch_seconds=0.3), url, topic):
        for number in range(3):
            send(broker, topic, [number])
            eventually(lambda: count(url), number + 1)


def test_a_poison_message_costs_no_other(broker, url):
    topic = broker.fresh_topic()
    bodies = [*range(40), "unlucky", *range(41, 60), "no number", 99_999, *range(62, 99), "unlucky"]
    send(broker, topic, bodies)
    with consuming(settings(broker, "poison"), url, topic):
        eventually(lambda: _positions(url), [(topic, 0, 100)])

    assert [row[2:] for row in rows(url)] == [(n, n) for n in range(99) if n not in {40, 60, 61}]
    assert rows(url, "SELECT context, reason, origin, raw, seen FROM evistore.quarantine ORDER BY id") == [
        ("numbers", "unlucky", f"kafka:{topic}/0/40", b"unlucky", 2),
        ("numbers", "data-refused", f"kafka:{topic}/0/60", b"no number", 1),
        ("numbers", "data-refused", f"kafka:{topic}/0/61", b"99999", 1),
    ]
    assert len(rows(url, "SELECT DISTINCT batch FROM number")) == 1


@TANSU
def test_a_constraint_that_waits_for_the_commit_still_tells_the_culprit(broker, url):
    execute(url, "ALTER TABLE number ADD CONSTRAINT once UNIQUE (number) DEFERRABLE INITIALLY DEFERRED")
    topic = broker.fresh_topic()
    send(broker, topic, [1, 2, 1, 3])
    with consuming(settings(broker, "deferred"), url, topic):
        eventually(lambda: [row[3] for row in rows(url)], [1, 2, 3])

    assert rows(url, "SELECT origin FROM evistore.quarantine") == [(f"kafka:{topic}/0/2",)]


@KAFKA
def test_a_bug_stops_the_consumer_and_loses_nothing(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, [1, "bug", 3])
    with pytest.raises(ZeroDivisionError), consuming(settings(broker, "bug"), url, topic) as thread:
        eventually(thread.is_alive, False)
    assert (count(url), _positions(url)) == (0, [])

    def mended(tx, messages):
        return keep(tx, [message for message in messages if message.value != b"bug"])

    with consuming(settings(broker, "bug"), url, topic, handler=mended):
        eventually(lambda: count(url), 2)


@TANSU
def test_tombstones_are_passed_over(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, [None, 1, None])
    with consuming(settings(broker, "tombstones"), url, topic):
        eventually(lambda: _positions(url), [(topic, 0, 3)])

    assert rows(url) == [(topic, 0, 1, 1)]


@KAFKA
def test_topics_and_partitions_that_come_later_are_found(broker, url):
    known = broker.fresh_topic()
    with consuming(settings(broker, "later"), url, known, "comes-later"):
        send(broker, known, [1])
        eventually(lambda: count(url), 1)
        broker.create_topic("comes-later", 2)
        send(broker, "comes-later", [2], partition=1)
        eventually(lambda: rows(url)[1:], [("comes-later", 1, 0, 2)])


@KAFKA
def test_the_database_knows_the_position_when_the_group_has_forgotten_it(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, range(5))
    with consuming(settings(broker, "forgotten"), url, topic):
        eventually(lambda: count(url), 5)
    admin = AdminClient({"bootstrap.servers": broker.bootstrap})
    admin.delete_consumer_groups(["forgotten"])["forgotten"].result(20)
    send(broker, topic, range(5, 8))
    with consuming(settings(broker, "forgotten"), url, topic):
        eventually(lambda: count(url), 8)

    assert [row[3] for row in rows(url)] == list(range(8))


@KAFKA
def test_the_database_wins_over_a_group_that_stands_further(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, range(5))
    with consuming(settings(broker, "restored"), url, topic):
        eventually(lambda: count(url), 5)
    execute(url, "UPDATE evistore.consumer_position SET next_offset = 2")  # as a backup would stand
    execute(url, "DELETE FROM number WHERE place >= 2")
    with consuming(settings(broker, "restored"), url, topic):
        eventually(lambda: count(url), 5)

    assert [row[3] for row in rows(url)] == list(range(5))


@KAFKA
def test_a_group_that_the_database_does_not_know_goes_on_where_it_committed(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, range(5))
    with consuming(settings(broker, "moved"), url, topic):
        eventually(lambda: count(url), 5)
    execute(url, "DELETE FROM evistore.consumer_position")
    send(broker, topic, [5])
    with consuming(settings(broker, "moved"), url, topic):
        eventually(lambda: _positions(url), [(topic, 0, 6)])

    assert count(url) == 6


@KAFKA
def test_a_position_that_the_broker_does_not_have_is_read_from_the_beginning_and_counted(broker, url):
    topic = broker.fresh_topic()
    execute(url, f"INSERT INTO evistore.consumer_position VALUES ('anew', '{topic}', 0, 5000)")
    send(broker, topic, range(5))
    with consuming(settings(broker, "anew"), url, topic):
        eventually(lambda: _positions(url), [(topic, 0, 5)])

    assert [row[3] for row in rows(url)] == list(range(5))
    assert REGISTRY.get_sample_value("evistore_consumer_resets_total", {"topic": topic}) == 1


@TANSU
def test_what_was_done_and_what_is_left_can_be_watched(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, [1, None, "unlucky", 2])

    def seen(outcome):
        labels = {"topic": topic, "outcome": outcome}
        return REGISTRY.get_sample_value("evistore_consumer_messages_total", labels) or 0

    outcomes = ("stored", "tombstone", "set-aside")
    earlier = [seen(one) for one in outcomes]  # another broker of this process may have had a topic of that name

    def lag():
        return REGISTRY.get_sample_value("evistore_consumer_lag", {"topic": topic, "partition": "0"})

    with consuming(settings(broker, "watched"), url, topic):
        eventually(lag, 0)
        eventually(lambda: [seen(one) - before for one, before in zip(outcomes, earlier, strict=True)], [2, 1, 1])
    assert lag() is None


def test_two_consumers_share_the_partitions_and_hand_them_over(broker, url):
    topic = broker.fresh_topic(4)
    given = settings(broker, "shared", kafka_batch_size=20, kafka_batch_seconds=0.05)
    with consuming(given, url, topic):
        send(broker, topic, range(400))
        with consuming(given, url, topic):
            for start in range(400, 4000, 400):
                send(broker, topic, range(start, start + 400))
            eventually(lambda: count(url), 4000)
        send(broker, topic, range(4000, 4400))
        eventually(lambda: count(url), 4400)

    assert sorted(row[3] for row in rows(url)) == list(range(4400))
    assert sum(position for _, _, position in _positions(url)) == 4400


@KAFKA
def test_a_consumer_that_was_overtaken_goes_on_behind_the_other(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, range(10))
    with consuming(settings(broker, "overtaken"), url, topic):
        eventually(lambda: count(url), 10)
        execute(url, "UPDATE evistore.consumer_position SET next_offset = 15")  # as another process would
        send(broker, topic, range(10, 20))
        eventually(lambda: count(url), 15)

    assert [row[3] for row in rows(url)] == [*range(10), *range(15, 20)]


@TANSU
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kafka_options": {"enable.auto.commit": SecretStr("true")}}, "kafka-options"),
        ({"kafka_options": {"no.such.option": SecretStr("1")}}, "kafka-options"),
        ({"kafka_brokers": ""}, "kafka-brokers"),
    ],
)
def test_settings_that_do_not_fit_stop_it_at_once(broker, url, wrong, code):
    given = settings(broker, "wrong").model_copy(update=wrong)
    with pytest.raises(Misconfigured) as caught, consuming(given, url, "any") as thread:
        eventually(thread.is_alive, False)
    assert caught.value.code == code
