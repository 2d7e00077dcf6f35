"""Kafka behind TLS: with certificates and with logins, both ways; what does not fit is told within seconds, and never with a password."""

from __future__ import annotations

import logging
import time

import pytest

from evistore.kernel.errors import Fault, Misconfigured
from evistore.kernel.kafka import Sender, ends
from evistore.kernel.kafka_options import consumer_options, sender_options
from evistore.kernel.migrations import KERNEL, migrate
from evistore.kernel.settings import Settings
from fixtures.consuming import TABLE, consuming, count, eventually, execute, send
from fixtures.guarded import BROKER_PASSWORD

SECONDS = 6
QUICK = {"session.timeout.ms": "1000", "heartbeat.interval.ms": "200", "reconnect.backoff.max.ms": "500"}


@pytest.fixture
def url(postgres18):
    url = postgres18.fresh_database()
    migrate(url, [KERNEL])
    execute(url, TABLE)
    yield url
    postgres18.discard(url)


@pytest.fixture
def ways(guarded_broker, authorities):
    """Settings by the way in."""
    ours, theirs = authorities
    client = ours.issue("client")
    certified = {
        "kafka_brokers": guarded_broker.certified,
        "kafka_security_protocol": "SSL",
        "kafka_tls_ca": ours.file,
        "kafka_tls_certificate": client.certificate,
        "kafka_tls_key": client.key,
    }
    login = {
        "kafka_brokers": guarded_broker.login,
        "kafka_security_protocol": "SASL_SSL",
        "kafka_tls_ca": ours.file,
        "kafka_sasl_mechanism": "SCRAM-SHA-512",
        "kafka_sasl_username": "evistore",
        "kafka_sasl_password": BROKER_PASSWORD,
    }
    stranger = {"kafka_tls_ca": theirs.file}
    return {
        "certificate": certified,
        "scram": login,
        "foreign authority": certified | stranger,
        "other host": certified | {"kafka_brokers": guarded_broker.certified.replace("127.0.0.1", "localhost")},
        "wrong password": login | {"kafka_sasl_password": "wr0ng-s3cret"},
        "unknown mechanism": login | {"kafka_sasl_mechanism": "SCRAM-SHA-256"},
    }


def settings(**given):
    return Settings(_env_file=None, **{"kafka_options": QUICK} | given)


@pytest.mark.parametrize("way", ["certificate", "scram"])
def test_messages_come_in_and_go_out(guarded_broker, ways, url, way):
    topic = guarded_broker.broker.fresh_topic()
    given = settings(**ways[way], kafka_group=f"guarded-{way}")
    with Sender(given) as sender:
        sender.send([(topic, None, b"1")])
    with consuming(given, url, topic):
        eventually(lambda: count(url), 1)

    assert {place.topic: bounds for place, bounds in ends(given, [topic]).items()} == {topic: (0, 1)}


@pytest.mark.parametrize("way", ["foreign authority", "other host", "wrong password", "unknown mechanism"])
def test_a_broker_that_is_not_ours_or_does_not_know_us_ends_the_consumer_within_seconds(ways, url, way, caplog):
    caplog.set_level(logging.DEBUG)
    talkative = QUICK | {"debug": "all", "log_level": "7"}
    given, started = settings(**ways[way], kafka_options=talkative), time.monotonic()
    with pytest.raises(Misconfigured) as told, consuming(given, url, "any") as thread:
        eventually(thread.is_alive, False)

    assert told.value.code == "broker-refuses"
    assert time.monotonic() - started < SECONDS
    assert "sasl" in caplog.text.lower()
    assert "s3cret" not in told.value.message + caplog.text


def test_who_only_sends_or_asks_hears_the_reason_too(ways):
    given, started = settings(**ways["wrong password"]), time.monotonic()
    with pytest.raises(Misconfigured) as asked:
        ends(given, ["any"], seconds=1)
    with pytest.raises(Misconfigured) as sent, Sender(given) as sender:
        sender.send([("any", None, b"1")])

    assert (asked.value.code, sent.value.code) == ("broker-refuses", "broker-refuses")
    assert time.monotonic() - started < SECONDS


def test_what_librdkafka_has_no_code_for_is_told_in_its_words(guarded_broker, ways):
    nameless = ways["certificate"] | {"kafka_tls_certificate": None, "kafka_tls_key": None}
    with pytest.raises(Fault, match=r"bad certificate|certificate required") as told:
        ends(settings(**nameless), ["any"], seconds=1)
    assert told.value.code == "broker-away"


def test_a_broker_that_is_killed_is_waited_for(guarded_broker, ways, url):
    broker, topic = guarded_broker.broker, guarded_broker.broker.fresh_topic()
    with consuming(settings(**ways["scram"], kafka_group="guarded-killed"), url, topic):
        send(broker, topic, [1])
        eventually(lambda: count(url), 1)
        broker.kill()
        broker.start()
        send(broker, topic, [2])
        eventually(lambda: count(url), 2)


SAID = {"kafka_brokers": "k:9092"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"kafka_options": {"group.protocol": "consumer"}}, "group.protocol"),
        ({"kafka_options": {"acks": "0", "transactional.id": "x"}}, "acks, transactional.id"),
        ({"kafka_options": {"metadata.broker.list": "other:9092"}}, "metadata.broker.list"),
        ({"kafka_options": {"security.protocol": "SSL"}, "kafka_security_protocol": "SASL_SSL"}, "security.protocol"),
        ({"kafka_options": {"sasl.mechanisms": "PLAIN"}, "kafka_sasl_mechanism": "PLAIN"}, "sasl.mechanisms"),
        ({"kafka_sasl_password": "x"}, "sasl.password"),
        ({"kafka_tls_ca": "/etc/hostname"}, "ssl.ca.location"),
        ({"kafka_tls_ca": "/not/there", "kafka_security_protocol": "SSL"}, "EVISTORE_KAFKA_TLS_CA"),
    ],
)
def test_options_that_would_break_a_promise_or_be_lost_are_refused(given, named):
    for options in (consumer_options, sender_options):
        with pytest.raises(Misconfigured, match=named) as told:
            options(Settings(_env_file=None, **SAID | given))
        assert told.value.code == "kafka-options"


def test_options_may_be_numbers_and_truths():
    text = '{"security.protocol": "ssl", "socket.keepalive.enable": true, "socket.timeout.ms": 5000}'
    options = consumer_options(Settings(_env_file=None, **SAID, kafka_options=text, kafka_tls_ca="/etc/hostname"))
    assert options["ssl.ca.location"] == "/etc/hostname"
    assert (options["socket.keepalive.enable"], options["socket.timeout.ms"]) == ("true", "5000")
