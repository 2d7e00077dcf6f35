"""The settings that speak of Kafka."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode


class KafkaSettings(BaseSettings):
    """Where messages come from and go to, and how brokers are spoken to."""

    kafka_brokers: str = Field(default="", description="Kafka bootstrap servers, `host:port,host:port`.")
    kafka_group: str = Field(default="evistore", description="Consumer group.")
    kafka_topics: Annotated[list[str], NoDecode] = Field(
        default_factory=list[str], description="Topics of CDEvents, separated by commas."
    )
    kafka_report_topics: Annotated[list[str], NoDecode] = Field(
        default_factory=lambda: ["ccx.ocp.results"],
        description="Topics of rule results of clusters, separated by commas.",
    )
    kafka_workload_topics: Annotated[list[str], NoDecode] = Field(
        default_factory=lambda: ["ccx.dvo.results"],
        description="Topics of workload results of clusters, separated by commas.",
    )
    kafka_dead_letter_topic: str = Field(
        default="", description="Topic that gets a copy of each faulty message about clusters. Empty: none."
    )
    kafka_tracker_topic: str = Field(
        default="",
        description="Topic that is told what became of each message about clusters that carries a request id. Empty: none.",
    )
    kafka_tracker_service: str = Field(
        default="insights-results-aggregator", description="Name of this service in messages of the tracker topic."
    )
    kafka_batch_size: int = Field(
        default=1000, ge=1, le=100_000, description="Most messages stored in one transaction."
    )
    kafka_batch_seconds: float = Field(default=0.2, ge=0, description="Longest wait for a batch to fill, in seconds.")
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] | None = Field(
        default=None,
        description="How brokers are spoken to: TLS is `SSL`, and with a login `SASL_SSL`. Empty: `PLAINTEXT`.",
    )
    kafka_tls_ca: Path | None = Field(
        default=None,
        description="PEM file of the authorities that brokers' certificates come from. Empty: those of the system.",
    )
    kafka_tls_certificate: Path | None = Field(
        default=None, description="PEM file of our certificate, where brokers ask for one."
    )
    kafka_tls_key: Path | None = Field(default=None, description="PEM file of its key.")
    kafka_tls_key_password: SecretStr | None = Field(default=None, description="Password of that key, if it has one.")
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "GSSAPI"] | None = Field(
        default=None,
        description="How we log in with `SASL_…`; what the last two need besides goes into `kafka_options`.",
    )
    kafka_sasl_username: str = Field(default="", description="Login at the brokers.")
    kafka_sasl_password: SecretStr | None = Field(default=None, description="Its password.")
    kafka_options: Annotated[dict[str, SecretStr], NoDecode] = Field(
        default_factory=dict[str, SecretStr],
        description='Further options of librdkafka as a JSON object, such as `{"socket.keepalive.enable": true}`.',
    )

    @field_validator("kafka_topics", "kafka_report_topics", "kafka_workload_topics", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return parts(value)

    @field_validator(
        "kafka_security_protocol",
        "kafka_tls_ca",
        "kafka_tls_certificate",
        "kafka_tls_key",
        "kafka_tls_key_password",
        "kafka_sasl_mechanism",
        "kafka_sasl_password",
        mode="before",
    )
    @classmethod
    def _unset(cls, value: object) -> object:
        return unless_empty(value)

    @field_validator("kafka_options", mode="before")
    @classmethod
    def _object(cls, value: object) -> object:
        if isinstance(value, str):
            try:
                value = json.loads(value or "{}")
            except ValueError:
                raise ValueError("this is no JSON") from None
        if not isinstance(value, dict):
            raise ValueError("this is no JSON object")  # noqa: TRY004  # what pydantic tells as a fault of the setting
        return {name: _option(one) for name, one in cast("dict[str, Any]", value).items()}


def parts(value: object) -> object:
    """The parts of a text between commas; anything else as it is."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def unless_empty(value: object) -> object:
    """*value*; ``None`` for the empty text that a variable has which is there and was not filled."""
    return None if value == "" else value


def _option(value: object) -> object:
    """An option as librdkafka is told it: numbers and truths of JSON are written out."""
    return json.dumps(value) if isinstance(value, bool | int | float) else value
