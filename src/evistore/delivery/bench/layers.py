"""What storing an event costs by layer, in processor time of the server: which part bounds the rate of batches, and what the rows cost alone.

Processor time where the server runs on this machine (Linux), else time on the clock: a loaded machine then distorts the figures.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evistore.delivery.bench.ground import SQL, ground, settle, stage, timed
from evistore.kernel.database import Database
from evistore.kernel.schema import Engine
from evistore.kernel.terminal import progress

BATCH = 5_000
TABLES = ("lake", "identity", "states", "edges")


@dataclass(slots=True)
class Figures:
    """Microseconds of processor time per event, one writer."""

    events: int
    limit_us: float = 0.0
    """``INSERT … SELECT`` into the bare heap."""
    steps_us: dict[str, float] = field(default_factory=dict[str, float])
    """``store_cdevents``, each step with all before it: parse, digest, identity and lake, projections."""
    rows_us: dict[str, float] = field(default_factory=dict[str, float])
    """The same rows, worked out beforehand, put into the emptied tables by one ``INSERT … SELECT`` each: what remains when computing is free."""

    @property
    def ratio(self) -> float:
        """What the limit costs of what storing costs."""
        return self.limit_us / self.steps_us["projections"]

    @property
    def bound(self) -> float:
        """That ratio if reading, joining and aggregating cost nothing at all."""
        return self.limit_us / sum(self.rows_us.values())


def measure(server_url: str, number: int, *, engine: Engine | None = None) -> Figures:
    """Everything of :class:`Figures`, in a database of its own on the server at *server_url*."""
    figures = Figures(number)
    with ground(server_url, engine=engine) as database:
        stage(database, number)
        with database.session() as session, progress("layers measured", 9) as told:
            for part in (_limit, _steps, _rows):
                for _ in part(database, session, figures):
                    told.count(1)
    return figures


def _limit(database: Database, session: Any, figures: Figures) -> Iterable[None]:
    timed(database, "type_stage")
    for step in ("make_heap", "heap_key", "heap_time"):
        timed(database, step)
    settle(database)
    figures.limit_us = _cost(session, ["limit"], figures.events)
    yield


def _steps(database: Database, session: Any, figures: Figures) -> Iterable[None]:
    batches = [{"after": after, "upto": after + BATCH} for after in range(0, figures.events, BATCH)]
    for name, step in (("parse", "layer_parse"), ("digest", "layer_digest")):
        figures.steps_us[name] = _cost(session, [step], figures.events, batches)
        yield
    for name, before in (("identity and lake", "rest_projections"), ("projections", "wake_projections")):
        timed(database, "empty")
        timed(database, before)
        settle(database)
        figures.steps_us[name] = _cost(session, ["store"], figures.events, batches)
        yield


def _rows(database: Database, session: Any, figures: Figures) -> Iterable[None]:
    for table in TABLES:
        timed(database, f"keep_{table}")
    timed(database, "empty")
    timed(database, "rest_projections")
    for table in TABLES:
        settle(database)
        figures.rows_us[table] = _cost(session, [f"again_{table}"], figures.events)
        yield


def _cost(session: Any, names: list[str], events: int, parameters: list[dict[str, int]] | None = None) -> float:
    """Microseconds per event that the statements took, once for each of *parameters*."""
    began = _busy(session.info.backend_pid)
    for given in parameters or [None]:
        for name in names:
            session.execute(SQL[name], given)
    return (_busy(session.info.backend_pid) - began) / events * 1e6


def _busy(pid: int) -> float:
    """Seconds of processor time that the server process *pid* has used; the clock where it is not of this machine."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except OSError:
        return time.perf_counter()
