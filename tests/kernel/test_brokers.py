"""The brokers that tests run on carry messages, and forget or keep them when they are killed."""

from __future__ import annotations

import time

import pytest
from confluent_kafka import Consumer, Producer


def _send(broker, topic, bodies):
    producer = Producer({"bootstrap.servers": broker.bootstrap, "log_level": 2, "compression.type": "zstd"})
    for body in bodies:
        producer.produce(topic, body, key=body, headers={"kind": b"test"})
    assert producer.flush(30) == 0


def _received(broker, topic, count, group):
    consumer = Consumer(
        {
            "bootstrap.servers": broker.bootstrap,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "session.timeout.ms": 1000,
            "heartbeat.interval.ms": 200,
            "log_level": 2,
        }
    )
    consumer.subscribe([topic])
    found, give_up = [], time.monotonic() + 60
    try:
        while len(found) < count and time.monotonic() < give_up:
            found += [message for message in consumer.consume(500, 0.5) if message.error() is None]
        consumer.commit(asynchronous=False)
    finally:
        consumer.close()
    return found


def test_messages_arrive_with_key_headers_and_all_partitions(broker):
    topic = broker.fresh_topic(partitions=3)
    bodies = {f"body {number}".encode() for number in range(500)}
    _send(broker, topic, bodies)

    found = _received(broker, topic, 500, "all")
    assert {message.value() for message in found} == bodies
    assert {message.partition() for message in found} == {0, 1, 2}
    assert all(message.headers() == [("kind", b"test")] and message.key() == message.value() for message in found)


def test_a_group_goes_on_where_it_committed(broker):
    topic = broker.fresh_topic()
    _send(broker, topic, [b"before"])
    assert [message.value() for message in _received(broker, topic, 1, "resumed")] == [b"before"]
    _send(broker, topic, [b"after"])

    assert [message.value() for message in _received(broker, topic, 1, "resumed")] == [b"after"]


@pytest.mark.parametrize("broker_process", ["kafka"], indirect=True)
def test_kafka_keeps_messages_and_positions_when_it_is_killed(broker):
    topic = broker.fresh_topic()
    _send(broker, topic, [b"read"])
    assert len(_received(broker, topic, 1, "killed")) == 1
    _send(broker, topic, [b"kept"])
    broker.kill()
    broker.start()

    assert [message.value() for message in _received(broker, topic, 1, "killed")] == [b"kept"]


@pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
def test_tansu_forgets_everything_when_it_is_killed(broker):
    topic = broker.fresh_topic()
    broker.kill()
    broker.start()

    assert broker.create_topic(topic) == topic
