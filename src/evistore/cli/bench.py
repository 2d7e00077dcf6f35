"""``evistore bench``: what the store can do on this machine, as figures and as ratios that travel."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

import typer

from evistore.kernel.terminal import Json, group, settings, table

Events = Annotated[int, typer.Option("--events", min=1000, help="Events of the generated history.")]
EngineName = Annotated[
    Literal["native", "timescale"] | None,
    typer.Option("--engine", help="What holds the lake; default: what the server has."),
]
Dsn = Annotated[
    str | None,
    typer.Option(
        "--dsn",
        metavar="URL",
        help="Server to measure on; default: the embedded one. A database of its own is made and dropped.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Put the commands into *app*."""
    bench = group("Measure on a database of its own: storing, questions, HTTP.")
    bench.command()(ingest)
    bench.command()(layers)
    bench.command()(query)
    bench.command()(http)
    bench.command()(consume)
    bench.command()(rest)
    app.add_typer(bench, name="bench")


def ingest(events: Events = 1_000_000, engine: EngineName = None, dsn: Dsn = None, *, json_: Json = False) -> None:
    """Storing in batches and one by one, against bare INSERTs of the same events on the same server."""
    from evistore.delivery.bench import ingest as bench  # noqa: PLC0415

    with _server(dsn) as url:
        figures = bench.measure(url, events, engine=engine)
    if json_:
        typer.echo(json.dumps(dataclasses.asdict(figures)))
        return
    rows: list[tuple[str, float, str]] = [
        ("limit: INSERT ... SELECT into a bare heap, events/s", figures.limit_per_s, ""),
        ("batched, one writer, events/s", figures.batched_per_s, f"{figures.ratio:.2f} of the limit"),
        (
            "batched, two writers, events/s",
            figures.batched_two_writers_per_s,
            f"{figures.ratio_two_writers:.2f} of the limit",
        ),
        ("rate of the last events against the first", figures.last_to_first, ""),
    ]
    for number, one in figures.one_by_one.items():
        rows.append((f"plain INSERT, autocommit, {number} connections, events/s", one["insert_per_s"], ""))
        rows.append(
            (f"CALL store_cdevent, {number} connections, events/s", one["call_per_s"], f"{one['ratio']:.2f} of that")
        )
    rows.append(("bytes per event, everything", figures.bytes_per_event, f"lake {figures.lake_bytes_per_event:.0f}"))
    if figures.compressed_bytes_per_event is not None:
        lake = figures.compressed_lake_bytes_per_event or 0.0
        rows.append(("bytes per event, compressed", figures.compressed_bytes_per_event, f"lake {lake:.0f}"))
    typer.echo(table(rows, header=(f"{events:,} events", "", "")))


def layers(events: Events = 200_000, engine: EngineName = None, dsn: Dsn = None, *, json_: Json = False) -> None:
    """Storing in batches by layer, in processor time: what bounds its rate, and what writing the same rows costs alone."""
    from evistore.delivery.bench import layers as bench  # noqa: PLC0415

    with _server(dsn) as url:
        figures = bench.measure(url, events, engine=engine)
    if json_:
        typer.echo(json.dumps(dataclasses.asdict(figures) | {"ratio": figures.ratio, "bound": figures.bound}))
        return
    rows: list[tuple[str, float, float]] = [("limit: INSERT ... SELECT into a bare heap", figures.limit_us, 1.0)]
    before = 0.0
    for name, cost in figures.steps_us.items():
        rows.append((f"store_cdevents: {name}", cost - before, figures.limit_us / cost))
        before = cost
    rows += [(f"the same rows alone: {name}", cost, figures.limit_us / cost) for name, cost in figures.rows_us.items()]
    rows.append(("the same rows alone, all of them", sum(figures.rows_us.values()), figures.bound))
    typer.echo(table(rows, header=(f"{events:,} events", "us an event", "limit / all so far")))


def query(
    events: Events = 1_000_000,
    engine: EngineName = None,
    dsn: Dsn = None,
    rounds: Annotated[int, typer.Option(min=8, help="Times each question is asked; pages a quarter of that.")] = 60,
    *,
    json_: Json = False,
) -> None:
    """Questions and pages at so many events, then at four times the history: milliseconds at the median, and whether they grow."""
    from evistore.delivery.bench import questions as bench  # noqa: PLC0415

    with _server(dsn) as url:
        figures = bench.measure(url, events, engine=engine, rounds=rounds)
    if json_:
        typer.echo(json.dumps(dataclasses.asdict(figures)))
        return
    rows = [
        (name.replace("_", " "), figures.p50_ms[name], figures.larger_p50_ms[name], figures.ratio[name])
        for name in figures.p50_ms
    ]
    typer.echo(table(rows, header=("p50, ms", f"at {events:,}", f"at {figures.larger_events:,}", "ratio")))


def http(
    events: Events = 40_000,
    engine: EngineName = None,
    dsn: Dsn = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Requests under way at once.")] = 64,
    batch: Annotated[int, typer.Option(min=1, help="Events of a batch.")] = 100,
    *,
    json_: Json = False,
) -> None:
    """Single events and batches over HTTP, each answered after its commit; the client shares the machine."""
    from evistore.delivery.bench import http as bench  # noqa: PLC0415

    with _server(dsn) as url:
        figures = bench.measure(url, events, engine=engine, concurrency=concurrency, batch=batch)
    told: dict[str, Any] = {name: dataclasses.asdict(one) for name, one in figures.items()}
    if json_:
        typer.echo(json.dumps(told))
        return
    rows = [(name, one.events_per_s, one.p50_ms, one.p99_ms, one.server_rss_mb) for name, one in figures.items()]
    typer.echo(table(rows, header=("", "events/s", "p50, ms", "p99, ms", "server, MB")))


def consume(
    messages: Annotated[int, typer.Option(min=100, help="Rule results, of about 10 kB with 5 hits each.")] = 20_000,
    brokers: Annotated[
        str | None,
        typer.Option(help="Bootstrap servers that make topics when they are written to. [EVISTORE_KAFKA_BROKERS]"),
    ] = None,
    dsn: Dsn = None,
    *,
    json_: Json = False,
) -> None:
    """Rule results from a broker to their commit: in batches, against one message in one transaction by the same code."""
    from evistore.clusters.bench import consume as bench  # noqa: PLC0415
    from evistore.kernel.logs import configure  # noqa: PLC0415

    chosen = settings(kafka_brokers=brokers)
    configure(chosen.log_format)
    with _server(dsn) as url:
        figures = bench.measure(url, chosen.kafka_brokers, messages)
    if json_:
        typer.echo(json.dumps(dataclasses.asdict(figures)))
        return
    rows = [
        ("batched, messages/s", figures.batched_per_s, f"{figures.ratio:.1f} times that one by one"),
        ("one by one, messages/s", figures.one_by_one_per_s, ""),
    ]
    typer.echo(table(rows, header=(f"{messages:,} messages of {figures.message_bytes:,} bytes", "", "")))


def rest(
    clusters: Annotated[int, typer.Option(min=1000, help="Clusters of the larger database.")] = 100_000,
    requests: Annotated[int, typer.Option(min=100, help="Requests of each kind.")] = 5_000,
    concurrency: Annotated[int, typer.Option(min=1, help="Requests under way at once.")] = 8,
    dsn: Dsn = None,
    *,
    json_: Json = False,
) -> None:
    """Questions of clients about clusters, at 1,000 clusters and at a hundred times as many; the client shares the machine."""
    from evistore.clusters.bench import rest as bench  # noqa: PLC0415

    with _server(dsn) as url:
        figures = bench.measure(url, clusters, requests=requests, concurrency=concurrency)
    if json_:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in figures]))
        return
    rows = [
        (
            one.name,
            one.small.requests_per_s,
            one.small.p50_ms,
            one.small.p99_ms,
            one.large.requests_per_s,
            one.large.p50_ms,
            one.large.p99_ms,
            one.ratio,
            one.queries,
        )
        for one in figures
    ]
    header = (
        "",
        "at 1,000: requests/s",
        "p50, ms",
        "p99, ms",
        f"at {clusters:,}: requests/s",
        "p50, ms",
        "p99, ms",
        "ratio of p50",
        "queries each",
    )
    typer.echo(table(rows, header=header))


@contextmanager
def _server(dsn: str | None) -> Generator[str]:
    if dsn:
        yield dsn
        return
    from evistore.kernel.embedded import embedded  # noqa: PLC0415

    with embedded(settings().data_directory) as url:
        yield url
