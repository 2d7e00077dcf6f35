"""Commands that run until they are told to stop."""

from __future__ import annotations

from typing import Annotated

import typer

from evistore.kernel.terminal import DatabaseUrl, settings

Host = Annotated[str | None, typer.Option("--host", help="Address to listen on. [EVISTORE_HTTP_HOST]")]
Port = Annotated[int | None, typer.Option("--port", help="Port to listen on; 0: any free one. [EVISTORE_HTTP_PORT]")]


def add_to(app: typer.Typer) -> None:
    """Put the commands into *app*."""
    app.command()(serve)
    app.command()(consume)
    app.command()(deliver)


def serve(database_url: DatabaseUrl = None, host: Host = None, port: Port = None) -> None:
    """Take events over HTTP and show pages, until SIGTERM or Ctrl-C."""
    from evistore import app  # noqa: PLC0415
    from evistore.kernel.logs import configure  # noqa: PLC0415

    chosen = settings(database_url=database_url, http_host=host, http_port=port)
    configure(chosen.log_format, chosen.log_level)
    app.serve(chosen, started=lambda url: typer.echo(f"Evistore listens on {url}", err=True))


def consume(
    database_url: DatabaseUrl = None,
    brokers: Annotated[str | None, typer.Option(help="Bootstrap servers. [EVISTORE_KAFKA_BROKERS]")] = None,
    group: Annotated[str | None, typer.Option(help="Consumer group. [EVISTORE_KAFKA_GROUP]")] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="Topic of CDEvents; may be repeated. [EVISTORE_KAFKA_TOPICS]")
    ] = None,
) -> None:
    """Store what arrives on Kafka topics, until SIGTERM or Ctrl-C."""
    from evistore import app  # noqa: PLC0415
    from evistore.kernel.logs import configure  # noqa: PLC0415

    chosen = settings(database_url=database_url, kafka_brokers=brokers, kafka_group=group, kafka_topics=topic or None)
    configure(chosen.log_format, chosen.log_level)
    app.consume(chosen)


def deliver(database_url: DatabaseUrl = None) -> None:
    """Serve the webhooks, until SIGTERM or Ctrl-C; `serve` does it as well. Any number of processes may."""
    from evistore import app  # noqa: PLC0415
    from evistore.kernel.logs import configure  # noqa: PLC0415

    chosen = settings(database_url=database_url)
    configure(chosen.log_format, chosen.log_level)
    app.deliver_webhooks(chosen)
