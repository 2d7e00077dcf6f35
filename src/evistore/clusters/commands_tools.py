"""Commands for whoever keeps cluster evidence: out of the database whole, and old evidence away."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from evistore.clusters import commands_quarantine
from evistore.kernel.errors import Rejected
from evistore.kernel.terminal import DatabaseUrl, Json, Status, group, progress, settings, table

if TYPE_CHECKING:
    from evistore.clusters.cleaning import Report
    from evistore.kernel.database import Database
    from evistore.kernel.settings import Settings

Tables = Annotated[
    list[str] | None,
    typer.Option(metavar="TABLES", help="Tables to leave out, separated by commas; may be repeated."),
]


def add_to(app: typer.Typer) -> None:
    """Put the group into *app*."""
    commands = group("Cluster evidence: whole exports, what is old, and what was not taken in.")
    commands.command()(export)
    commands.command()(clean)
    commands.command()(disabled)
    commands_quarantine.add_to(commands, _opened)
    app.add_typer(commands, name="clusters")


def export(
    output: Annotated[
        str, typer.Option(metavar="FOLDER|s3://BUCKET/PREFIX", help="A folder that is not there yet, or a bucket.")
    ],
    database_url: DatabaseUrl = None,
    form: Annotated[Literal["csv", "parquet"], typer.Option("--format", help="What the tables become.")] = "csv",
    ignore_tables: Tables = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Most rows of each table, the first by key.")] = None,
    *,
    metadata: Annotated[bool, typer.Option("--metadata", help="Also _tables.csv and _metadata.csv.")] = False,
    disabled_by_more_users: Annotated[
        bool, typer.Option("--disabled-by-more-users", help="Also _disabled_rules.csv.")
    ] = False,
    json_: Json = False,
) -> None:
    """Write every table of public, dvo and clusters as a file, all of one moment, and manifest.json.

    Any database will do: its tables are looked up, and it is only read. Memory stays the same however large they are.
    """
    from evistore.clusters.export import MANIFEST, Wish, export  # noqa: PLC0415
    from evistore.kernel.stores import store  # noqa: PLC0415

    ignored = frozenset(_listed(ignore_tables))
    wish = Wish(form, ignored, limit, metadata, disabled_by_more_users)
    with (
        _opened(database_url) as (database, chosen),
        progress("rows") as told,
        store(output, chosen, last=MANIFEST) as place,
    ):
        files = export(database, place, wish, heard=told.count)
    if json_:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in files]))
        return
    typer.echo(
        table([(one.table, one.rows, one.bytes, one.file) for one in files], header=("table", "rows", "bytes", "file"))
    )
    for one in files:
        for column, number in one.infinite.items():
            typer.echo(f"{one.table}.{column}: {number:,} infinite times became NULL", err=True)


def clean(
    database_url: DatabaseUrl = None,
    max_age: Annotated[
        str, typer.Option(metavar="INTERVAL", help="What is older goes, by UTC; as PostgreSQL writes intervals.")
    ] = "2 months",
    clusters: Annotated[
        list[str] | None, typer.Option(metavar="IDS", help="Instead: all of these clusters, separated by commas.")
    ] = None,
    clusters_file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Instead: all of the clusters in this file, one a line."),
    ] = None,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Delete. Without it, only count.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Also list the clusters.")] = False,
    json_: Json = False,
) -> None:
    """Delete reports, workloads and faulty messages that are old, with all that hangs on them, and what hangs on nothing.

    Counts and changes nothing, unless told to apply. What users settled stays: toggles, reasons, acknowledgements, ratings; votes go with
    their report. One transaction per cluster. Ends with 1 when a cluster's name is no UUID; the others are done.
    """
    from evistore.clusters import cleaning  # noqa: PLC0415

    named = [*_listed(clusters), *(_lines(clusters_file) if clusters_file else [])]
    with _opened(database_url) as (database, _), progress("clusters") as told:
        if clusters or clusters_file:
            report = cleaning.clean_named(database, named, apply=apply, heard=told.count)
        else:
            report = cleaning.clean_old(database, max_age, apply=apply, heard=told.count)
    typer.echo(json.dumps(dataclasses.asdict(report), default=str) if json_ else _told(report, listed=list_))
    for name in report.improper:
        typer.echo(f"{name!r} is no UUID and was passed over", err=True)
    if report.improper:
        raise typer.Exit(Status.FINDINGS)


def disabled(database_url: DatabaseUrl = None, *, json_: Json = False) -> None:
    """List rules that more than one user gave a reason to disable for the same cluster."""
    from evistore.clusters.cleaning import disagreements  # noqa: PLC0415

    with _opened(database_url) as (database, _), database.transaction(read_only=True) as tx:
        found = [dataclasses.asdict(one) for one in disagreements(tx)]
    if json_:
        typer.echo(json.dumps(found))
        return
    rows = [tuple(one.values()) for one in found]
    typer.echo(table(rows, header=("cluster", "rule", "error key", "users")) if rows else "nothing there")


@contextmanager
def _opened(url: str | None) -> Generator[tuple[Database, Settings]]:
    """The database of the cluster evidence as it stands; what the command line names wins."""
    from evistore.clusters import CONTEXTS  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415

    chosen = settings(database_url=url)
    if url is None and chosen.clusters_database_url is not None:
        chosen = chosen.model_copy(update={"database_url": chosen.clusters_database_url})
    with opened(chosen, CONTEXTS, name="evistore clusters") as database:
        yield database, chosen


def _listed(given: list[str] | None) -> list[str]:
    """The words of options that take several, separated by commas."""
    return [word.strip() for one in given or [] for word in one.split(",") if word.strip()]


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise Rejected(f"{path} cannot be read: {error}", code="file-unreadable") from error


def _told(report: Report, *, listed: bool) -> str:
    parts = list[str]()
    if listed and report.due:
        header = ("what", "cluster", "organisation", "stored (UTC)", "last checked (UTC)")
        rows = [
            (
                one.kind,
                one.cluster_id,
                "" if one.org_id is None else str(one.org_id),
                _at(one.newest_at),
                _at(one.last_checked_at),
            )
            for one in report.due
        ]
        parts.append(table(rows, header=header))
    parts.append(table(list(report.rows.items()), header=("table", "deleted" if report.applied else "would go")))
    clusters = len({one.cluster_id for one in report.due})
    before = f", older than {_at(report.before)} UTC" if report.before else ""
    done = "deleted" if report.applied else "to delete; nothing was changed: --apply does it"
    parts.append(f"{clusters:,} clusters{before}: {sum(report.rows.values()):,} rows {done}")
    return "\n\n".join(parts)


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if moment else ""
