"""How fast events are stored: in batches and one by one, against what PostgreSQL does with bare rows."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from evistore.delivery.bench.ground import SQL, ground, settle, stage, timed
from evistore.kernel.database import Database
from evistore.kernel.schema import Engine
from evistore.kernel.terminal import progress

Part = TypeVar("Part")

BATCH = 5_000
EDGE = 100_000
ONE_BY_ONE = 4_000
WARM = 100
"""Statements that each connection has behind it when the clock starts: collectors stay connected."""


@dataclass(slots=True)
class Figures:
    """What one run showed: events per second, ratios of them, bytes per event."""

    events: int
    limit_per_s: float = 0.0
    batched_per_s: float = 0.0
    ratio: float = 0.0
    batched_two_writers_per_s: float = 0.0
    ratio_two_writers: float = 0.0
    last_to_first: float = 0.0
    """Rate of the last events against that of the first ones, one writer."""
    one_by_one: dict[int, dict[str, float]] = field(default_factory=dict[int, dict[str, float]])
    """By number of connections: calls and plain inserts per second, and their ratio."""
    bytes_per_event: float = 0.0
    lake_bytes_per_event: float = 0.0
    compressed_bytes_per_event: float | None = None
    compressed_lake_bytes_per_event: float | None = None


def measure(server_url: str, number: int, *, engine: Engine | None = None, one_by_one: bool = True) -> Figures:
    """Everything of :class:`Figures`, in a database of its own on the server at *server_url*."""
    figures = Figures(number)
    with ground(server_url, engine=engine) as database:
        stage(database, number)
        _limit(database, figures)
        _batched(database, figures)
        _sizes(database, figures, engine)
        _two_writers(database, figures)
        if one_by_one:
            _one_by_one(database, figures)
    return figures


def _limit(database: Database, figures: Figures) -> None:
    """The bare heap with the lake's columns and two indexes, filled by one INSERT … SELECT; the median of three."""
    timed(database, "type_stage")
    took: list[float] = []
    for _ in range(3):
        for step in ("drop_heap", "make_heap", "heap_key", "heap_time"):
            timed(database, step)
        settle(database)
        took.append(timed(database, "limit"))
    figures.limit_per_s = figures.events / sorted(took)[1]


def _batched(database: Database, figures: Figures) -> None:
    settle(database)
    marks: list[float] = []
    edge = max(min(EDGE, figures.events // 4) // BATCH, 1)
    with database.session() as session, progress("events stored, one writer", figures.events) as told:
        for after in range(0, figures.events, BATCH):
            began = time.perf_counter()
            session.execute(SQL["store"], {"after": after, "upto": after + BATCH})
            marks.append(time.perf_counter() - began)
            told.count(BATCH)
    figures.batched_per_s = figures.events / sum(marks)
    figures.ratio = figures.batched_per_s / figures.limit_per_s
    figures.last_to_first = sum(marks[:edge]) / sum(marks[-edge:])


def _two_writers(database: Database, figures: Figures) -> None:
    """The same events again into an empty lake: each of two writers has a half of the history, as two doors have senders of their own."""
    timed(database, "empty")
    settle(database)
    every = list(range(0, figures.events, BATCH))

    def write(mine: Sequence[int]) -> None:
        with database.session() as session:
            for after in mine:
                session.execute(SQL["store"], {"after": after, "upto": after + BATCH})
                told.count(BATCH)

    with progress("events stored, two writers", figures.events) as told:
        figures.batched_two_writers_per_s = figures.events / _together(write, _parts(every, 2))
    figures.ratio_two_writers = figures.batched_two_writers_per_s / figures.limit_per_s


def _parts(every: Sequence[Part], number: int) -> list[Sequence[Part]]:
    """*every* in *number* parts of neighbours."""
    size = -(-len(every) // number)
    return [every[at : at + size] for at in range(0, len(every), size)]


def _together(work: Callable[[Sequence[Part]], None], parts: Sequence[Sequence[Part]]) -> float:
    """Seconds until *work* is done with all *parts*, a thread each."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(parts)) as threads:
        for done in [threads.submit(work, part) for part in parts]:
            done.result()
    return time.perf_counter() - began


def _sizes(database: Database, figures: Figures, engine: Engine | None) -> None:
    with database.transaction(read_only=True) as tx:
        figures.bytes_per_event = float(tx.value(SQL["size"])) / figures.events
        figures.lake_bytes_per_event = float(tx.value(SQL["lake_size"])) / figures.events
    if engine == "timescale":
        timed(database, "compress")
        with database.transaction(read_only=True) as tx:
            figures.compressed_bytes_per_event = float(tx.value(SQL["size"])) / figures.events
            figures.compressed_lake_bytes_per_event = float(tx.value(SQL["lake_size"])) / figures.events


def _one_by_one(database: Database, figures: Figures) -> None:
    """``CALL store_cdevent`` against a plain INSERT of the same events, each with its own commit, in turns."""
    timed(database, "empty")
    for step in ("drop_heap", "make_heap", "heap_key", "heap_time"):
        timed(database, step)
    with database.transaction(read_only=True) as tx:
        texts: list[str] = tx.values(SQL["texts"], after=0, upto=min(ONE_BY_ONE * 6, figures.events))
    rows = [_row(text) for text in texts]
    part = len(rows) // 6
    for first, connections in ((0, 1), (3, 10)):
        took = {"call": 0.0, "insert": 0.0}
        timed_rows = 3 * (part - connections * min(WARM, part // connections // 2))
        for turn in range(first, first + 3):
            mine = rows[part * turn : part * (turn + 1)]
            settle(database)
            took["insert"] += _each(database, "insert", mine, connections)
            took["call"] += _each(database, "call", [{"event": one["event"]} for one in mine], connections)
        call, insert = timed_rows / took["call"], timed_rows / took["insert"]
        figures.one_by_one[connections] = {"call_per_s": call, "insert_per_s": insert, "ratio": call / insert}


def _each(database: Database, name: str, rows: list[dict[str, Any]], connections: int) -> float:
    """Seconds until all *connections* are done with their parts of *rows*, from when all of them have warmed up with the first of theirs."""
    warm = min(WARM, len(rows) // connections // 2)
    began: list[float] = []
    ready = threading.Barrier(connections, action=lambda: began.append(time.perf_counter()))

    def send(mine: Sequence[dict[str, Any]]) -> None:
        with database.session() as session:
            for number, row in enumerate(mine):
                if number == warm:
                    ready.wait()
                session.execute(SQL[name], row, prepare=True)

    _together(send, _parts(rows, connections))
    return time.perf_counter() - began[0]


def _row(text: str) -> dict[str, Any]:
    context = json.loads(text)["context"]
    _, _, subject, predicate, *version = context["type"].lower().split(".")
    numbers = [int(part.partition("-")[0]) for part in version[:3]]
    return {
        "event": text,
        "at": context["timestamp"],
        "subject": subject,
        "predicate": predicate,
        "version": numbers,
        "context_id": context["id"],
    }
