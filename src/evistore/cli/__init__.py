"""The command line: one tree of commands, put together from those of the contexts.

Nothing is imported here but the tree itself; a command imports what it needs when it runs.
"""

from __future__ import annotations

import logging
import sys
from typing import Annotated, NoReturn

import typer

from evistore.cli import bench, database, demo, doctor, ingesting, services
from evistore.clusters import commands_tools as commands_clusters
from evistore.delivery import (
    commands_events,
    commands_ingest,
    commands_metrics,
    commands_quarantine,
    commands_webhooks,
)
from evistore.kernel.errors import Fault
from evistore.kernel.terminal import status_of

HELP = """Evistore keeps the evidence of software delivery in PostgreSQL and answers from it.

Settings come from the environment (EVISTORE_...) or a .env file. Without a database URL the embedded PostgreSQL of the data directory is used.

Exit status: 0 fine, 1 something was not taken in or not found, 2 the command line is wrong, 3 settings or database do not fit, 4 the database or
broker does not answer, 130 interrupted.
"""


def tree() -> typer.Typer:
    """Every command under its name."""
    app = typer.Typer(
        name="evistore",
        help=HELP,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_any_command)
    demo.add_to(app)
    services.add_to(app)
    ingesting.add_to(app)
    commands_ingest.add_to(app)
    commands_events.add_to(app)
    commands_quarantine.add_to(app)
    commands_metrics.add_to(app)
    commands_webhooks.add_to(app)
    commands_clusters.add_to(app)
    database.add_to(app)
    doctor.add_to(app)
    bench.add_to(app)
    return app


def _print_version(asked: bool) -> None:  # noqa: FBT001  # the shape of typer's callbacks
    if asked:
        from evistore.kernel.build import build  # noqa: PLC0415

        typer.echo(build())
        raise typer.Exit


def _any_command(
    *,
    version: Annotated[  # noqa: ARG001  # its callback has ended the program before this is called
        bool, typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    # A driver's warnings are for the log of a server; a command says one sentence when it gives up.
    logging.getLogger("psycopg").setLevel(logging.ERROR)


def main() -> NoReturn:
    """Run the command that the process was started with; faults become one line and an exit status."""
    try:
        tree()()
    except Fault as fault:
        typer.echo(f"evistore: {fault.message} [{fault.code}]", err=True)
        sys.exit(status_of(fault))
    sys.exit(0)
