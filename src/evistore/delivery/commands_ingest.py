"""Commands that read files of events."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from evistore.kernel.terminal import progress, settings, table

if TYPE_CHECKING:
    from evistore.delivery.filing import Filed
    from evistore.kernel.database import Database
    from evistore.kernel.settings import Settings

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE", help="NDJSON, JSON documents or arrays, plain, gzip or Zstandard; - is standard input."
    ),
]
Mode = Annotated[
    Literal["off", "mark", "reject"] | None,
    typer.Option(help="What happens to events that fail their JSON Schema. [EVISTORE_VALIDATION]"),
]
OUTCOMES = ("stored", "duplicate", "conflict", "malformed", "refused")


def add_to(app: typer.Typer) -> None:
    """Put the commands into *app*."""
    app.command()(validate)


def ingest(files: list[Path], database_url: str | None, validation: Mode, *, from_start: bool, as_json: bool) -> bool:
    """Store the events of *files* and tell what became of them; whether every one is stored now."""
    from evistore.delivery import CONTEXTS  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415

    chosen = settings(database_url=database_url, validation=validation)
    with opened(chosen, CONTEXTS, name="evistore ingest") as database:
        began = time.monotonic()
        filed = [_ingest(database, path, chosen, from_start=from_start) for path in files]
        seconds = time.monotonic() - began
    typer.echo(json.dumps(_told(filed, seconds)) if as_json else _table(filed, seconds))
    return all(one.tally.taken_in and one.fault is None for one in filed)


def validate(files: Files) -> None:
    """Judge the events of files by the rules of their CDEvents version: one JSON line each.

    Ends with 0 when all are valid, with 1 when some are not, with 2 when a file could not be read.
    """
    from evistore.delivery.validate_command import validate as judged  # noqa: PLC0415

    raise typer.Exit(judged(files, sys.stdout))


def _ingest(database: Database, path: Path, chosen: Settings, *, from_start: bool) -> Filed:
    from evistore.delivery.filing import ingest as file_in  # noqa: PLC0415

    size = path.stat().st_size if path.is_file() else None
    with progress(path.name, size, by_parts=True) as bar:
        filed = file_in(database, path, mode=chosen.validation, from_start=from_start, told=bar.count, read=bar.part)
    if filed.fault is not None:
        typer.echo(f"evistore: {filed.fault.message} [{filed.fault.code}]", err=True)
    return filed


def _told(filed: list[Filed], seconds: float) -> dict[str, object]:
    files = [
        {
            "file": str(one.path),
            "skipped": one.skipped,
            **{outcome: one.tally.outcomes[outcome] for outcome in OUTCOMES},
            "reasons": dict(one.tally.reasons),
            "fault": one.fault.code if one.fault else None,
        }
        for one in filed
    ]
    return {"files": files, "events": sum(one.tally.total for one in filed), "seconds": round(seconds, 3)}


def _table(filed: list[Filed], seconds: float) -> str:
    rows = [(str(one.path), one.skipped, *(one.tally.outcomes[outcome] for outcome in OUTCOMES)) for one in filed]
    total = sum(one.tally.total for one in filed)
    lines = [table(rows, header=("file", "skipped", *OUTCOMES))]
    for one in filed:
        lines += [
            f"{one.path}: {count:,} in quarantine as {reason}" for reason, count in one.tally.reasons.most_common()
        ]
    lines.append(f"{total:,} events in {seconds:.1f} s, {total / max(seconds, 0.001):,.0f}/s")
    return "\n".join(lines)
