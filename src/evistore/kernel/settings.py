"""Every setting of the program, from the environment (``EVISTORE_…``) or a ``.env`` file; the command line wins over both."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from evistore.kernel.secret_files import sources
from evistore.kernel.settings_kafka import KafkaSettings, parts, unless_empty


class Settings(KafkaSettings):
    """The settings of one process. Each field is the environment variable ``EVISTORE_<NAME>``; a secret may be the file ``EVISTORE_<NAME>_FILE``."""

    model_config = SettingsConfigDict(
        env_prefix="EVISTORE_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL or TimescaleDB to use (libpq URL or key=value text). Empty: the embedded PostgreSQL in `data_directory`.",
    )
    clusters_database_url: SecretStr | None = Field(
        default=None,
        description="Database of the cluster evidence, where it is to have one of its own. Empty: that of `database_url`.",
    )
    read_database_url: SecretStr | None = Field(
        default=None,
        description="Streaming replica of `database_url` that pages and REST read from. Empty: they read where `serve` writes.",
    )
    database_password: SecretStr | None = Field(
        default=None,
        description="Password for those of the three database URLs that have none; any characters, nothing is encoded.",
    )
    read_lag_seconds: float = Field(
        default=5.0,
        gt=0,
        le=3600,
        description="Readers ask the primary while the replica is further behind, in seconds.",
    )
    data_directory: Path = Field(default=Path(".evistore"), description="Where the embedded PostgreSQL keeps its data.")
    database_pool_size: int = Field(
        default=8,
        ge=1,
        le=200,
        description="Most pooled database connections of one process; reading cluster evidence over REST takes four more.",
    )

    http_host: str = Field(default="127.0.0.1", description="Address to listen on.")
    http_port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on; 0 lets the system choose.")
    http_body_limit: int = Field(
        default=8 * 1024 * 1024,
        ge=1024,
        description="Largest request body, in bytes, as sent and as unpacked; larger ones are answered with 413.",
    )
    http_request_seconds: float = Field(
        default=30.0, gt=0, description="Longest time a request may take, in seconds; then 408 or 503."
    )
    http_leaving_seconds: float = Field(
        default=0.0,
        ge=0,
        le=300,
        description="How long `serve` takes requests after SIGTERM while `/ready` says 503, in seconds: time for load balancers to look elsewhere.",
    )
    http_writers: int = Field(
        default=1,
        ge=1,
        le=2,
        description="Threads that store what arrives over HTTP, each with a connection of its own.",
    )
    http_tokens: Annotated[list[SecretStr], NoDecode] = Field(
        default_factory=list[SecretStr],
        description="Bearer tokens that may send events, separated by commas. None: no token is asked for.",
    )
    http_signature_secret: SecretStr | None = Field(
        default=None, description="Secret of HMAC-SHA256 signatures over the body. Empty: not asked for."
    )
    http_signature_header: str = Field(
        default="X-Hub-Signature-256", description="Header that carries the signature, `sha256=<hex>`."
    )
    http_token_header: str = Field(
        default="Authorization", description="Header that carries the token (`Bearer <token>`)."
    )
    http_tls_certificate: Path | None = Field(
        default=None,
        description="PEM file of the server's certificate and its chain: `serve` then speaks HTTPS. Empty: HTTP.",
    )
    http_tls_key: Path | None = Field(default=None, description="PEM file of its key. Empty: in the same file.")
    http_open: bool = Field(default=False, description="Allow listening beyond loopback without token or signature.")

    feed_streams: int = Field(
        default=100, ge=0, le=10_000, description="Most streams of the feed that one server gives at once; then 503."
    )

    webhooks: bool = Field(
        default=True, description="Whether `serve` sends events to webhooks; `evistore deliver` does it anyway."
    )
    webhook_seconds: float = Field(
        default=10.0, gt=0, le=60, description="Longest time that one request to a webhook may take, in seconds."
    )

    validation: Literal["off", "mark", "reject"] = Field(
        default="mark",
        description="What happens to events that fail their JSON Schema: not looked at, stored and marked, or refused.",
    )

    clusters_api_prefixes: Annotated[list[str], NoDecode] = Field(
        default=["/api/insights-results-aggregator/v1/"],
        description="Prefixes of the REST interface of cluster evidence, separated by commas.",
    )
    clusters_auth: bool = Field(
        default=False,
        description="Whether that interface asks for the header `x-rh-identity` and answers for its organisation only.",
    )
    clusters_debug: bool = Field(
        default=False, description="Whether it has its operations for debugging, some of which delete."
    )
    clusters_overview_hours: float = Field(
        default=1440.0,
        gt=0,
        le=1_000_000,
        description="Age in hours up to which a report brings its cluster into the list.",
    )

    clusters_message_limit: int = Field(
        default=16 * 1024 * 1024,
        ge=1024,
        description="Largest message about a cluster, in bytes, as unpacked; larger ones are faulty.",
    )
    clusters_rows_limit: int = Field(
        default=2 * 1024 * 1024 * 1024,
        ge=1024,
        description="Most bytes that all rows of one workload result may hold: each namespace has a row, and each row the whole result. "
        "Results beyond that are faulty.",
    )
    clusters_organizations_file: Path | None = Field(
        default=None,
        description="CSV file of the organisations whose messages are taken in: a heading, then a number at the start of each line. Empty: all.",
    )

    clusters_metrics_namespace: str = Field(
        default="aggregator",
        pattern="^[a-zA-Z_][a-zA-Z0-9_]*$",
        description="Prefix of metrics of cluster evidence: dashboards of the Insights Results Aggregator go on working.",
    )

    s3_endpoint: str = Field(
        default="",
        description="URL of an S3 service for exports, such as `https://minio.example.com:9000`. Empty: that of AWS.",
    )
    s3_region: str = Field(default="", description="Region of the bucket. Empty: `AWS_REGION`, else `us-east-1`.")
    s3_access_key_id: SecretStr | None = Field(
        default=None, description="Access key of S3. Empty: what `AWS_…` variables, a web identity or the machine give."
    )
    s3_secret_access_key: SecretStr | None = Field(default=None, description="Its secret.")

    metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Port on which `consume` and `deliver` answer `/live`, `/ready` and `/metrics`; 0: none.",
    )

    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="Logs for people or for machines; `auto`: for people on a terminal only."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least that is logged. Requests that succeed are `info`, probes `debug`."
    )

    @field_validator("http_tokens", "clusters_api_prefixes", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return parts(value)

    @field_validator(
        "database_url",
        "clusters_database_url",
        "read_database_url",
        "database_password",
        "http_tls_certificate",
        "http_tls_key",
        mode="before",
    )
    @classmethod
    def _given(cls, value: object) -> object:
        return unless_empty(value)

    @field_validator("clusters_api_prefixes")
    @classmethod
    def _enclosed(cls, value: list[str]) -> list[str]:
        found = [f"/{prefix.strip('/')}/" for prefix in value]
        if "//" in found:
            raise ValueError("a prefix names a path below the root")
        return found

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # the sources know it
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # a folder of secrets, which we do not have
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where settings come from; asked by pydantic."""
        return sources(init_settings, env_settings, dotenv_settings)

    def listens_on_loopback(self) -> bool:
        """Whether only this machine can reach the HTTP address."""
        if self.http_host == "localhost":
            return True
        try:
            return ip_address(self.http_host).is_loopback
        except ValueError:
            return False
