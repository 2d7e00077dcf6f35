"""``evistore ingest``: files of any kind of evidence."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from evistore.clusters import commands_ingest as clusters
from evistore.delivery import commands_ingest as delivery
from evistore.delivery.commands_ingest import Files, Mode
from evistore.kernel.terminal import DatabaseUrl, Json, Status

Kind = Annotated[
    Literal["event", "report", "workloads"],
    typer.Option(help="What the files hold: CDEvents, rule results of clusters, or workload results of clusters."),
]


def add_to(app: typer.Typer) -> None:
    """Put the command into *app*."""
    app.command()(ingest)


def ingest(
    files: Files,
    kind: Kind = "event",
    database_url: DatabaseUrl = None,
    validation: Mode = None,
    *,
    from_start: Annotated[bool, typer.Option("--from-start", help="Do not go on where an earlier run ended.")] = False,
    json_: Json = False,
) -> None:
    """Store what files hold. What cannot be taken in goes to quarantine; running it again does no harm.

    Of events it goes on where an earlier run ended. Ends with 0 when everything is taken in, with 1 when some is in quarantine or a file
    could not be read to its end.
    """
    if kind != "event" and (validation or from_start):
        raise typer.BadParameter("--validation and --from-start are for events", param_hint="--kind")
    if kind == "event":
        done = delivery.ingest(files, database_url, validation, from_start=from_start, as_json=json_)
    else:
        done = clusters.ingest(files, kind, database_url=database_url, as_json=json_)
    if not done:
        raise typer.Exit(Status.FINDINGS)
