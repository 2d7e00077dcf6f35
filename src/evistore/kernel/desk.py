"""Threads that answer questions to the database for an event loop, each over a connection of its own.

A question is one statement in autocommit mode: one round trip, nothing around it. Whatever writes takes a transaction of the pool instead.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

import psycopg

from evistore.kernel.database import Database, Transaction, translated
from evistore.kernel.errors import Unavailable

T = TypeVar("T")
_WAITING = 1000
"""Most questions that wait for a thread; one more is turned away."""


@dataclass(slots=True, eq=False)
class _Job(Generic[T]):
    work: Callable[[Transaction], T]
    writes: bool
    answer: asyncio.Future[T]
    context: Context
    """What the caller's log lines and spans belong to."""


class Desk:
    """A queue of questions to one database."""

    def __init__(self, database: Database, *, size: int = 4) -> None:
        """Answer with *size* threads, each with at most one connection beside the pool of *database*."""
        self._database = database
        self._queue: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._clerks = [_Clerk(database, self._queue, f"desk-{number}") for number in range(size)]

    def start(self) -> None:
        """Let the threads begin."""
        for clerk in self._clerks:
            clerk.thread.start()

    def stop(self) -> None:
        """Answer what waits, and end the threads."""
        for _ in self._clerks:
            self._queue.put(None)
        for clerk in self._clerks:
            clerk.thread.join()

    async def ask(self, work: Callable[[Transaction], T], *, writes: bool = False) -> T:
        """What *work* gives, called in a thread: with one transaction around it where it *writes*, else in autocommit mode.

        Whatever only reads may be called twice, when the connection was lost. A statement that nobody waits for any more is cancelled.

        Raises:
            Unavailable: the database does not answer, or too many wait.
        """
        if self._queue.qsize() >= _WAITING:
            raise Unavailable("more is asked than the database answers", code="overloaded")
        job = _Job(work, writes, asyncio.get_running_loop().create_future(), copy_context())
        self._queue.put(job)
        try:
            return await job.answer
        except asyncio.CancelledError:
            self._abandon(job)
            raise

    def _abandon(self, job: _Job[Any]) -> None:
        for clerk in self._clerks:
            if clerk.job is job:
                threading.Thread(target=clerk.abandon, args=(job,), daemon=True).start()


class _Clerk:
    """One thread and its connection."""

    def __init__(self, database: Database, queue: SimpleQueue[_Job[Any] | None], name: str) -> None:
        self._database = database
        self._queue = queue
        self._connection: psycopg.Connection[Any] | None = None
        self._server: Database = database
        self._lock = threading.Lock()
        self._spoiled = False
        self.thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self.job: _Job[Any] | None = None

    def abandon(self, job: _Job[Any]) -> None:
        """Cancel what runs for *job*, if it still runs here. The connection is not used again: the cancellation may come late."""
        with self._lock:
            connection = self._connection
            if self.job is not job or connection is None or job.writes:
                return
            self._spoiled = True
        with suppress(psycopg.Error):
            connection.cancel_safe(timeout=5.0)

    def _serve(self) -> None:
        while (job := self._queue.get()) is not None:
            self._take(job)
            if not job.answer.cancelled():
                job.context.run(self._answer, job)
            self._take(None)
        if self._connection is not None:
            self._connection.close()

    def _take(self, job: _Job[Any] | None) -> None:
        with self._lock:
            self.job = job

    def _answer(self, job: _Job[Any]) -> None:
        try:
            result, error = self._result(job), None
        except Exception as fault:  # noqa: BLE001  # whatever it is, it is told to the caller it belongs to
            result, error = None, fault
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            job.answer.get_loop().call_soon_threadsafe(_settle, job.answer, result, error)

    def _result(self, job: _Job[T]) -> T:
        if job.writes:
            with self._database.transaction() as tx:
                return job.work(tx)
        with translated():
            former = self._connection
            connection = self._connected()
            try:
                return job.work(Transaction(connection))
            except psycopg.OperationalError:
                # That a server was restarted is noticed only by asking; a new connection that fails has a reason.
                if connection is not former or not connection.closed:
                    raise
                return job.work(Transaction(self._connected()))

    def _connected(self) -> psycopg.Connection[Any]:
        elsewhere = self._database.elsewhere()
        try:
            return self._connected_to(elsewhere.database if elsewhere else self._database)
        except Unavailable:
            if elsewhere is None:
                raise
            elsewhere.failed()
            return self._connected_to(self._database)

    def _connected_to(self, server: Database) -> psycopg.Connection[Any]:
        with self._lock:
            if self._connection is not None and (
                self._spoiled or self._connection.closed or self._server is not server
            ):
                self._connection.close()
                self._connection, self._spoiled = None, False
        if self._connection is None:
            self._connection, self._server = server.connect(), server
        return self._connection


def _settle(answer: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if answer.done():
        return
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(result)
