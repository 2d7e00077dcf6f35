"""What librdkafka is told: our settings under its names, further options of the operator's, and what neither of them may change."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from evistore.kernel.errors import Misconfigured
from evistore.kernel.settings import Settings

# On these stands the promise that nothing is lost and nothing doubled.
_PROMISES: Mapping[str, Any] = {
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "error",  # told to us, counted, and then read from the beginning
    "isolation.level": "read_committed",
    "partition.assignment.strategy": "cooperative-sticky",
}
# Memory: what is fetched ahead, and what one answer may add to it.
_BOUNDS: Mapping[str, Any] = {
    "queued.max.messages.kbytes": 8 * 1024,
    "queued.min.messages": 10_000,
    "fetch.queue.backoff.ms": 10,  # a full queue this small is emptied within milliseconds; the client's own pause is 1 s
    "fetch.max.bytes": 8 * 1024 * 1024,
    "max.partition.fetch.bytes": 1024 * 1024,
}
_MANNERS: Mapping[str, Any] = {
    "session.timeout.ms": 15_000,  # a killed process gives its partitions away after this
    "allow.auto.create.topics": False,
    "topic.metadata.refresh.interval.ms": 10_000,  # new topics and partitions are found within this
    "log_level": 2,  # of syslog: what matters below it comes as an error, too, and is told once
}


# Of a sender: how long it waits for the broker, and that only the broker judges a message's size. Its caller bounds the memory.
_PATIENCE = {"delivery.timeout.ms": 15_000}
_WIDTH = {"message.max.bytes": 1_000_000_000, "queue.buffering.max.kbytes": 2_000_000}

# Settings by librdkafka's names, some of which have two.
_SETTINGS: Mapping[str, str] = {
    "bootstrap.servers": "kafka_brokers",
    "metadata.broker.list": "kafka_brokers",
    "group.id": "kafka_group",
    "security.protocol": "kafka_security_protocol",
    "ssl.ca.location": "kafka_tls_ca",
    "ssl.certificate.location": "kafka_tls_certificate",
    "ssl.key.location": "kafka_tls_key",
    "ssl.key.password": "kafka_tls_key_password",
    "sasl.mechanism": "kafka_sasl_mechanism",
    "sasl.mechanisms": "kafka_sasl_mechanism",
    "sasl.username": "kafka_sasl_username",
    "sasl.password": "kafka_sasl_password",
}
# Beside the promises themselves: another way to share partitions, what tells us how we stand, and what a sender's promise stands on.
_OURS = frozenset({
    "acks", "delivery.report.only.error", "group.protocol", "group.remote.assignor", "request.required.acks", "statistics.interval.ms",
    "transactional.id",
})  # fmt: skip


def consumer_options(settings: Settings) -> dict[str, Any]:
    """Options of librdkafka for a member of the consumer group.

    Raises:
        Misconfigured: ``kafka-brokers``, ``kafka-options``; see :func:`_common`.
    """
    return {**_BOUNDS, **_MANNERS, "group.id": settings.kafka_group, **_common(settings), **_PROMISES}


def producer_options(settings: Settings) -> dict[str, Any]:
    """Options of librdkafka for a sender that neither loses nor doubles nor reorders, within 16 MB of memory.

    Raises:
        Misconfigured: ``kafka-brokers``, ``kafka-options``; see :func:`_common`.
    """
    careful = {"enable.idempotence": True, "compression.type": "zstd", "linger.ms": 5}
    return {**careful, "queue.buffering.max.kbytes": 16 * 1024, **_common(settings)}


def sender_options(settings: Settings) -> dict[str, Any]:
    """Those of a sender that waits for the broker, and lets it alone judge how large a message may be.

    Raises:
        Misconfigured: ``kafka-brokers``, ``kafka-options``; see :func:`_common`.
    """
    return {**_PATIENCE, **producer_options(settings), **_WIDTH}


def _common(settings: Settings) -> dict[str, Any]:
    """Who we are, where brokers are, and how they are spoken to.

    Raises:
        Misconfigured: no brokers are named; ``kafka_options`` touches what the promises stand on, or what a setting says; TLS or a login is set where
            the protocol has none.
    """
    if not settings.kafka_brokers:
        raise Misconfigured("no Kafka brokers are named: set EVISTORE_KAFKA_BROKERS", code="kafka-brokers")
    ours, further = dict(_of_settings(settings)), {n: _plain(one) for n, one in settings.kafka_options.items()}
    kept = sorted((_PROMISES.keys() | _OURS | _taken(ours)) & further.keys())
    if kept:
        raise Misconfigured(f"EVISTORE_KAFKA_OPTIONS may not change {', '.join(kept)}", code="kafka-options")
    options = {**further, **ours}
    _check_protocol(options)
    return {"client.id": "evistore", "log_level": 2, **options, "bootstrap.servers": settings.kafka_brokers}


def _taken(ours: Mapping[str, Any]) -> set[str]:
    """Every name of what is ours to say, or was said by a setting."""
    said = {"kafka_brokers", "kafka_group"} | {_SETTINGS[name] for name in ours}
    return {name for name, setting in _SETTINGS.items() if setting in said}


def _of_settings(settings: Settings) -> Iterator[tuple[str, str]]:
    """What settings of TLS and SASL say, under librdkafka's names."""
    for name, setting in _SETTINGS.items():
        value = getattr(settings, setting)
        if value and name not in {"bootstrap.servers", "metadata.broker.list", "group.id", "sasl.mechanisms"}:
            if isinstance(value, Path) and not os.access(value, os.R_OK):
                raise Misconfigured(
                    f"EVISTORE_{setting.upper()} names {value}, which cannot be read", code="kafka-options"
                )
            yield name, _plain(value)


def _plain(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _check_protocol(options: Mapping[str, Any]) -> None:
    """Refuse what would be left unsaid: whoever names an authority or a login means to use it.

    Raises:
        Misconfigured: ``kafka-options``.
    """
    protocol = options.get("security.protocol", "PLAINTEXT").upper()
    for part, needed in (("ssl.", "SSL"), ("sasl.", "SASL")):
        unused = sorted(name for name in options if name.startswith(part))
        if unused and needed not in protocol:
            raise Misconfigured(
                f"{', '.join(unused)} would not be used: EVISTORE_KAFKA_SECURITY_PROTOCOL is {protocol}",
                code="kafka-options",
            )
