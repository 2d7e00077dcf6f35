"""Commands that tell how well software is delivered: DORA's metrics as tables with sparklines, or JSON."""

from __future__ import annotations

from typing import Annotated

import typer

from evistore.delivery import commands_executions
from evistore.delivery.asking import (
    By,
    Environment,
    Limit,
    Service,
    Since,
    Source,
    Until,
    asked,
    opening,
    print_json,
    reading,
)
from evistore.delivery.figures import moment, number, percent, reasons, span, sparkline
from evistore.kernel.terminal import DatabaseUrl, Json, group, table


def add_to(app: typer.Typer) -> None:
    """Put the group into *app*."""
    commands = group("How well software is delivered: DORA's metrics, runs, tests, and what has stopped.")
    for command in (dora, lead_time, production):
        commands.command()(command)
    commands_executions.add_to(commands)
    app.add_typer(commands, name="metrics")


def dora(
    *,
    database_url: DatabaseUrl = None,
    service: Service = None,
    environment: Environment = None,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    by: By = "week",
    json_: Json = False,
) -> None:
    """DORA's five metrics, how they went, how many things each was made of, and how many could not be explained."""
    from evistore.delivery import metrics  # noqa: PLC0415

    window, filters = asked(service, environment, source, since, until)
    with reading(database_url) as tx:
        found = metrics.dora(tx, window, filters, bucket=by)
    if json_:
        print_json(found)
        return
    told = (
        ("deployments per day", found.deployment_frequency, "per_day", number),
        ("lead time for changes, P50", found.lead_time_for_changes, "p50_seconds", span),
        ("change failure rate", found.change_failure_rate, "rate", percent),
        ("recovery time, P50", found.failed_deployment_recovery_time, "p50_seconds", span),
        ("rework rate", found.deployment_rework_rate, "rate", percent),
    )
    rows = [
        (
            name,
            form(getattr(one.whole, field)),
            sparkline([getattr(part, field) for part in one.parts]),
            one.whole.items,
            reasons(one.whole.unexplained, one.whole.reasons),
        )
        for name, one, field, form in told
    ]
    places = ", ".join(found.environments) or ("any environment" if environment == "*" else "no environment is known")
    typer.echo(f"{moment(window.since)} to {moment(window.until)} UTC, {places}")
    typer.echo(table(rows, header=("", "", f"by {by}", "made of", "unexplained")))


def lead_time(
    *,
    database_url: DatabaseUrl = None,
    service: Service = None,
    environment: Environment = None,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 10,
    json_: Json = False,
) -> None:
    """From merge to production, its stages at the median, and the newest changes."""
    from evistore.delivery import evidence, metrics  # noqa: PLC0415

    window, filters = asked(service, environment, source, since, until)
    with reading(database_url) as tx:
        found = metrics.lead_time_for_changes(tx, window, filters).whole
        changes = evidence.delivered_changes(tx, window, filters, limit=limit)
    if json_:
        print_json({"lead_time": found, "changes": changes})
        return
    stages = [
        ("lead time, P50", span(found.p50_seconds)),
        ("lead time, P80", span(found.p80_seconds)),
        ("lead time, P95", span(found.p95_seconds)),
        ("merge to build", span(found.merge_to_build_seconds)),
        ("build to artifact", span(found.build_to_artifact_seconds)),
        ("artifact to production", span(found.artifact_to_production_seconds)),
        ("changes", f"{found.items:,}"),
        ("releases", f"{found.releases:,}"),
        ("unexplained", reasons(found.unexplained, found.reasons)),
    ]
    rows = [
        (
            moment(one.deployed_at),
            one.service_id,
            one.environment_id,
            one.change_id,
            span(one.seconds) if one.reason is None else one.reason,
        )
        for one in changes
    ]
    typer.echo(table(stages))
    if rows:
        typer.echo("\n" + table(rows, header=("deployed (UTC)", "service", "environment", "change", "lead time")))


def production(
    environment: Annotated[
        str | None, typer.Argument(help="Environment to say it of; without, all are listed.")
    ] = None,
    *,
    database_url: DatabaseUrl = None,
    is_production: Annotated[
        bool | None, typer.Option("--yes/--no", help="It is production, or is not; without, its name tells again.")
    ] = None,
    json_: Json = False,
) -> None:
    """List what DORA's metrics take to be production, or say it of one environment."""
    from evistore.delivery import metrics  # noqa: PLC0415

    with opening(database_url) as database:
        if environment:
            with database.transaction() as tx:
                metrics.set_production(tx, environment, is_production)
        with database.transaction(read_only=True) as tx:
            found = metrics.environments(tx)
    if json_:
        print_json(found)
        return
    rows = [
        (one.environment_id, "production" if one.is_production else "", "said so" if one.is_set else "by its name")
        for one in found
    ]
    typer.echo(table(rows) if rows else "no environment is known")
