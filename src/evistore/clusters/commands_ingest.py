"""What ``evistore ingest`` does with files of messages about clusters."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from evistore.kernel.terminal import progress, settings, table

if TYPE_CHECKING:
    from evistore.clusters.filing import Filed
    from evistore.clusters.ingest import Kind
    from evistore.kernel.settings import Settings

OUTCOMES = ("stored", "older", "repeated", "skipped", "faulty")


def ingest(files: Sequence[Path], kind: Kind, *, database_url: str | None, as_json: bool) -> bool:
    """Store the messages of *files* and tell what became of them; whether all were taken in."""
    from evistore.clusters import CONTEXTS  # noqa: PLC0415
    from evistore.clusters.consuming import rules_of  # noqa: PLC0415
    from evistore.clusters.filing import ingest as file_in  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415

    chosen = _own_database(settings(database_url=database_url), given=database_url is not None)
    rules = rules_of(chosen)
    began = time.monotonic()
    filed: list[Filed] = []
    with opened(chosen, CONTEXTS, name="evistore ingest") as database, ExitStack() as stack:
        for path in files:
            size = path.stat().st_size if path.is_file() else None
            bar = stack.enter_context(progress(path.name, size, by_parts=True))
            filed.append(file_in(database, path, kind, rules, told=bar.count, read=bar.part))
    for one in filed:
        if one.fault is not None:
            typer.echo(f"evistore: {one.fault.message} [{one.fault.code}]", err=True)
    seconds = time.monotonic() - began
    typer.echo(json.dumps(_told(filed, seconds)) if as_json else _table(filed, seconds))
    return all(one.taken_in for one in filed)


def _own_database(chosen: Settings, *, given: bool) -> Settings:
    """The settings whose database is that of cluster evidence; one *given* on the command line wins."""
    if given or chosen.clusters_database_url is None:
        return chosen
    return chosen.model_copy(update={"database_url": chosen.clusters_database_url})


def _told(filed: list[Filed], seconds: float) -> dict[str, object]:
    files = [
        {
            "file": str(one.path),
            **{outcome: one.outcomes[outcome] for outcome in OUTCOMES},
            "reasons": dict(one.reasons),
            "fault": one.fault.code if one.fault else None,
        }
        for one in filed
    ]
    return {"files": files, "messages": sum(one.total for one in filed), "seconds": round(seconds, 3)}


def _table(filed: list[Filed], seconds: float) -> str:
    rows = [(str(one.path), *(one.outcomes[outcome] for outcome in OUTCOMES)) for one in filed]
    lines = [table(rows, header=("file", *OUTCOMES))]
    for one in filed:
        lines += [f"{one.path}: {count:,} in quarantine as {reason}" for reason, count in one.reasons.most_common()]
    total = sum(one.total for one in filed)
    lines.append(f"{total:,} messages in {seconds:.1f} s, {total / max(seconds, 0.001):,.0f}/s")
    return "\n".join(lines)
