"""A streaming replica that readers ask while it is close enough behind.

How far it is behind is told by our own clock: twice a second it is noted how far the primary has written, and the replica is as old as the last note
that it has caught up with. Neither server's clock counts, and a replica that hears nothing any more grows old.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, LiteralString, Self

import psycopg
import structlog

from evistore.kernel.connecting import Place
from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Fault
from evistore.kernel.faults import translated
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "replica")

_PAUSE_SECONDS = 0.5
_TIMEOUT_SECONDS = 1.0  # a reader waits no longer before it asks the primary
_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether readers ask the replica, how many seconds it is behind (null: not known), and why they do not."""

    reads: bool
    lag_seconds: float | None
    reason: str


class _Line:
    """One connection of the watch, made anew when it was lost; a pool would write each attempt into the log."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: psycopg.Connection[Any] | None = None

    def value(self, query: LiteralString) -> Any:
        with translated():
            if self._connection is None or self._connection.closed:
                self._connection = self._database.connect()
            return Transaction(self._connection).value(query)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


class Replica:
    """A replica of a database. Look after it by entering it."""

    def __init__(
        self, url: Place, primary: Database, *, most_seconds: float, size: int, name: str = "evistore"
    ) -> None:
        """Ask the replica at *url* of *primary* while it is at most *most_seconds* behind, over at most *size* connections."""
        self.database = Database(url, size=size, timeout=_TIMEOUT_SECONDS, name=name)
        self._lines = _Line(primary), _Line(self.database)
        self._most = most_seconds
        self._notes: deque[tuple[float, int]] = deque(maxlen=math.ceil(most_seconds / _PAUSE_SECONDS) + 10)
        self._caught_up_at = -math.inf
        self._reason = "it was not asked yet"
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="replica", daemon=True)

    def __enter__(self) -> Self:
        """Open its pool and begin to look."""
        self.database.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Look no more, and close the pool."""
        self._ended.set()
        self._thread.join()
        for line in self._lines:
            line.close()
        self.database.__exit__(*exception)

    def covers(self, moment: float) -> bool:
        """Whether readers may ask it now and find there what was written up to *moment* of the monotonic clock."""
        return not self._reason and self._caught_up_at >= moment

    def failed(self) -> None:
        """Ask the primary until the replica was seen to answer again."""
        self._tell("it does not answer")

    def standing(self) -> Standing:
        """What there is to say about it now."""
        lag = time.monotonic() - self._caught_up_at
        return Standing(not self._reason, round(lag, 1) if math.isfinite(lag) else None, self._reason)

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                self._look()
            except Fault as fault:
                self._tell(fault.message)
            self._ended.wait(_PAUSE_SECONDS)

    def _look(self) -> None:
        began = time.monotonic()
        written = self._written()
        if written is not None:
            self._notes.append((began, written))
        replayed: int | None = self._lines[1].value(SQL["replayed"])
        if replayed is None:
            return self._tell("it is no replica")
        while self._notes and self._notes[0][1] <= replayed:
            self._caught_up_at = self._notes.popleft()[0]
        # A primary that is away writes nothing that could be missed.
        is_late = written is not None and time.monotonic() - self._caught_up_at > self._most
        return self._tell(f"it is more than {self._most:g} s behind" if is_late else "")

    def _written(self) -> int | None:
        """How far the primary has written its log, in bytes; ``None`` while it is away."""
        try:
            return self._lines[0].value(SQL["written"])
        except Fault:
            return None

    def _tell(self, reason: str) -> None:
        if reason != self._reason:
            _LOG.info("replica", reads=not reason, why=reason or None)
        self._reason = reason
