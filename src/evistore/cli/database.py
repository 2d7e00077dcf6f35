"""Commands for whoever keeps the database."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from evistore.contexts import CONTEXTS
from evistore.kernel.terminal import DatabaseUrl, Json, Progress, group, progress, settings, table

if TYPE_CHECKING:
    from evistore.kernel.migrations import Report
    from evistore.kernel.sources import Source

EngineName = Literal["native", "timescale"]


def add_to(app: typer.Typer) -> None:
    """Put the commands into *app*."""
    app.command()(migrate)
    app.command()(maintain)
    app.command()(convert)
    app.command()(rebuild)
    schema = group("What the database consists of, and which file says so.")
    schema.command()(show)
    schema.command()(dump)
    schema.command("doc")(describe)
    app.add_typer(schema, name="schema")


def migrate(
    database_url: DatabaseUrl = None,
    to: Annotated[int | None, typer.Option(help="Number of the migration to stand at; default: the newest.")] = None,
    engine: Annotated[
        EngineName | None, typer.Option(help="What holds a new lake; default: TimescaleDB where the server loads it.")
    ] = None,
    *,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL of the migrations instead of running it.")] = False,
    json_: Json = False,
) -> None:
    """Bring the database to the schema of this release, or to an older migration. Safe to run at any time and many at once.

    A database of CDviz or of the Insights Results Aggregator is taken over in place: nothing is lost. Killed, the next run goes on.
    """
    from evistore.cli import migrating  # noqa: PLC0415
    from evistore.delivery.adoption import carry  # noqa: PLC0415
    from evistore.kernel.opening import located  # noqa: PLC0415

    with _url(database_url) as url:
        places = migrating.places(url, located(settings(), "clusters_database_url"))
        if sql:
            typer.echo("\n".join(filter(None, (one.plan(to) for one in places))))
            return
        reports = [one.migrate(to, engine) for one in places]
        with progress("events taken over") as told:
            carried = carry(url, progress=_steps(told)) if to is None and not reports[0].ahead else None
    if carried:
        reports[0].adopted.append(f"{carried.moved:,} events, {carried.set_aside:,} set aside")
    if json_:
        typer.echo(json.dumps({**_told(reports[0]), **({"clusters": _told(reports[1])} if reports[1:] else {})}))
        return
    for report, name in zip(reports, ("the database", "the database of cluster evidence"), strict=False):
        _tell(report, name)


def _told(report: Report) -> dict[str, object]:
    done = {"adopted": report.adopted, "undone": report.undone, "applied": report.applied, "defined": report.defined}
    return {"engine": report.engine, "migration": report.number, "ahead": report.ahead, **done}


def _tell(report: Report, name: str) -> None:
    for word, names in (("adopted", report.adopted), ("undone", report.undone), ("applied", report.applied)):
        for one in names:
            typer.echo(f"{word} {one}")
    if report.defined:
        typer.echo(f"defined {len(report.defined)} functions, views and triggers")
    typer.echo(f"{name} stands at migration {report.number:04} on the {report.engine} engine")
    if report.ahead:
        typer.echo("a newer release set it up, which still serves this one: nothing was changed")


def maintain(
    database_url: DatabaseUrl = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is due; change nothing.")] = False,
    json_: Json = False,
) -> None:
    """Do what is due: partitions ahead, strays, counts, links, retention, vacuum. Run it every hour; safe at any time."""
    from evistore.delivery import maintenance  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415
    from evistore.kernel.readiness import readiness  # noqa: PLC0415

    with opened(settings(database_url=database_url), CONTEXTS, name="evistore maintain") as database:
        readiness(database, CONTEXTS)()
        report = maintenance.maintain(database.url, dry_run=dry_run, progress=_whisper)
    told = dataclasses.asdict(report)
    if json_:
        typer.echo(json.dumps(told))
    elif report.busy:
        typer.echo("another maintenance is running; nothing was done")
    else:
        rows = [
            (name.replace("_", " "), _listed(value)) for name, value in told.items() if name not in {"dry_run", "busy"}
        ]
        typer.echo(table(rows, header=("due" if dry_run else "done", "")))


def convert(database_url: DatabaseUrl = None) -> None:
    """Move the lake of a native database to TimescaleDB: a copy beside it, then a swap. Killed, the next run goes on."""
    from evistore.delivery import conversion  # noqa: PLC0415

    with _url(database_url) as url, progress("events copied") as told:
        moved = conversion.convert(url, progress=_steps(told))
    typer.echo("the lake is on TimescaleDB already" if moved is None else f"{moved:,} events are on TimescaleDB now")


def rebuild(database_url: DatabaseUrl = None) -> None:
    """Read states, services and graph off the lake anew."""
    from evistore.delivery import projections  # noqa: PLC0415

    with _url(database_url) as url, progress("events read") as told:
        number = projections.rebuild(url, progress=told.count)
    typer.echo(f"{number:,} events were read off anew")


def _steps(told: Progress) -> Callable[..., None]:
    """What hears how many are done altogether, and moves the bar by what is new."""
    before = 0

    def hear(done: int, *_: int) -> None:
        nonlocal before
        told.count(done - before)
        before = done

    return hear


def _whisper(what: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"{what} ...", err=True)


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count:,}" for name, count in cast("dict[str, int]", value).items()) or "-"
    return (", ".join(cast("list[str]", value)) or "-") if isinstance(value, list) else f"{value}"


def show(
    name: Annotated[
        str, typer.Argument(help="Name of a table, view, function, trigger, index or sequence, with or without schema.")
    ],
    database_url: DatabaseUrl = None,
    *,
    columns: Annotated[bool, typer.Option("--columns", help="Ask the database for the columns, too.")] = False,
) -> None:
    """Print the SQL that makes an object, with file and line; with a database, its columns too."""
    from evistore.kernel.sources import sources  # noqa: PLC0415

    for source in sources(CONTEXTS, name):
        typer.echo(f"-- {_place(source)}\n{source.text}\n")
    if columns or database_url:
        typer.echo(_columns(name, database_url))


def dump(database_url: DatabaseUrl = None) -> None:
    """Print the schema of a database as pg_dump sees it, without what differs from run to run."""
    from evistore.kernel.dump import dump_schema  # noqa: PLC0415

    with _url(database_url) as url:
        typer.echo(dump_schema(url), nl=False)


def describe(
    database_url: DatabaseUrl = None,
    form: Annotated[
        Literal["markdown", "html"],
        typer.Option("--format", help="Markdown, or one HTML page that needs nothing else."),
    ] = "markdown",
    output: Annotated[
        Path | None, typer.Option(help="Folder to write into: a page per schema, or index.html. Default: print it.")
    ] = None,
    schema: Annotated[
        list[str] | None, typer.Option(help="Schema to describe; may be repeated. Default: ours.")
    ] = None,
) -> None:
    """Describe every schema from the live catalogue: tables, columns, comments, keys, indexes, functions, and a diagram of relations."""
    from evistore.kernel.catalogue import SCHEMAS, catalogue  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415
    from evistore.web import schema_document as document  # noqa: PLC0415

    with opened(settings(database_url=database_url), CONTEXTS) as database, database.transaction(read_only=True) as tx:
        schemas = catalogue(tx, schema or SCHEMAS)
    if output is None:
        typer.echo(document.told(schemas, form), nl=False)
        return
    output.mkdir(parents=True, exist_ok=True)
    for name, text in document.pages(schemas, form).items():
        (output / name).write_text(text, "utf-8")
        typer.echo(output / name)


def _place(source: Source) -> str:
    here = Path.cwd()
    path = source.path.relative_to(here) if source.path.is_relative_to(here) else source.path
    return f"{path}:{source.line}"


def _columns(name: str, url: str | None) -> str:
    from evistore.kernel.opening import opened  # noqa: PLC0415
    from evistore.kernel.sources import columns  # noqa: PLC0415

    with opened(settings(database_url=url), CONTEXTS) as database, database.transaction(read_only=True) as tx:
        rows = [(one.name, one.type, "" if one.nullable else "not null", one.comment) for one in columns(tx, name)]
    return table(rows, header=("column", "type", "", "comment")) if rows else f"{name} has no columns"


@contextmanager
def _url(given: str | None) -> Generator[str]:
    """The URL of the database, not migrated."""
    from evistore.kernel.opening import unmigrated_url  # noqa: PLC0415

    with unmigrated_url(settings(database_url=given)) as url:
        yield url
