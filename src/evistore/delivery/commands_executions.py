"""Commands that tell of runs: how long they take, what is flaky, what is stuck, and who has fallen silent."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import typer

from evistore.delivery.asking import (
    AnyEnvironment,
    By,
    Limit,
    Service,
    Since,
    Source,
    Until,
    asked,
    print_json,
    reading,
)
from evistore.delivery.figures import moment, percent, reasons, span, sparkline
from evistore.kernel.terminal import DatabaseUrl, Json, table

Kind = Literal["pipelinerun", "taskrun", "testsuiterun", "testcaserun", "build"]


def add_to(commands: typer.Typer) -> None:
    """Put the commands into the group *commands*."""
    for command in (durations, flaky, stuck, silent):
        commands.command()(command)


def durations(
    kind: Annotated[Kind, typer.Argument(help="Runs of what.")] = "pipelinerun",
    *,
    database_url: DatabaseUrl = None,
    service: Service = None,
    environment: AnyEnvironment = None,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    by: By = "week",
    limit: Limit = 20,
    json_: Json = False,
) -> None:
    """How long runs took and waited, and how many failed: all together over time, and each by name."""
    from evistore.delivery import executions  # noqa: PLC0415

    window, filters = asked(service, environment, source, since, until)
    with reading(database_url) as tx:
        found = executions.statistics(tx, kind, window, filters, limit=limit)
        trend = executions.trend(tx, kind, window, filters, bucket=by)
    if json_:
        print_json({"trend": trend, "executions": found})
        return
    rows = [
        (
            one.key or "(no name)",
            span(one.p50_seconds),
            span(one.p80_seconds),
            span(one.p95_seconds),
            span(one.queue_p50_seconds),
            percent(one.failure_rate),
            one.items,
            reasons(one.unexplained, one.reasons),
        )
        for one in found
    ]
    for name, field, form in (("duration, P50", "p50_seconds", span), ("failed", "failure_rate", percent)):
        values = [getattr(part, field) for part in trend.parts]
        typer.echo(f"{name:14}{form(getattr(trend.whole, field)):>10}  {sparkline(values)}  by {by}")
    typer.echo(table(rows, header=("", "P50", "P80", "P95", "waited", "failed", "runs", "unexplained")))


def flaky(
    *,
    database_url: DatabaseUrl = None,
    service: Service = None,
    environment: AnyEnvironment = None,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 20,
    json_: Json = False,
) -> None:
    """Tests that both passed and failed on one state of the code."""
    from evistore.delivery import executions  # noqa: PLC0415

    window, filters = asked(service, environment, source, since, until)
    with reading(database_url) as tx:
        found = executions.flaky_tests(tx, window, filters, limit=limit)
    if json_:
        print_json(found)
        return
    rows = [
        (one.key, percent(one.flaky_rate), one.flaky, one.items, one.failed, one.runs, moment(one.last_failed_at))
        for one in found
    ]
    header = ("test", "flaky", "states", "of", "failed", "runs", "last failed (UTC)")
    typer.echo(table(rows, header=header) if rows else "no flaky test")


def stuck(
    *,
    database_url: DatabaseUrl = None,
    hours: Annotated[float, typer.Option(min=0, help="Only runs that began longer ago.")] = 4,
    environment: AnyEnvironment = None,
    source: Source = None,
    limit: Limit = 20,
    json_: Json = False,
) -> None:
    """Runs that were started or queued and have not ended, the oldest first."""
    from evistore.delivery import executions  # noqa: PLC0415
    from evistore.delivery.windows import Filters  # noqa: PLC0415

    filters = Filters(environment=environment, source=source)
    with reading(database_url) as tx:
        found = executions.stuck_runs(tx, filters=filters, after=timedelta(hours=hours), limit=limit)
    if json_:
        print_json(found)
        return
    rows = [(moment(one.since), span(one.seconds), one.subject, one.subject_id, one.source) for one in found]
    typer.echo(table(rows, header=("since (UTC)", "for", "", "run", "source")) if rows else "nothing is stuck")


def silent(database_url: DatabaseUrl = None, *, json_: Json = False) -> None:
    """Sources of the last 90 days with their rhythm by days, those that fell silent first."""
    from evistore.delivery import executions  # noqa: PLC0415

    with reading(database_url) as tx:
        found = executions.silent_sources(tx)
    if json_:
        print_json(found)
        return
    words = {True: "silent", False: "", None: "too few days"}
    rows = [
        (one.source, words[one.silent], str(one.last_day), one.quiet_days, one.longest_pause_days, one.events)
        for one in found
    ]
    header = ("source", "", "last day", "quiet, days", "longest pause", "events")
    typer.echo(table(rows, header=header) if rows else "no source sent anything")
