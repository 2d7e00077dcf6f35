"""Group commit: what arrives together is stored in one transaction, and each caller hears of it after the commit.

Callers wait in one event loop; one or two writer threads take what has gathered, oldest first, and store it with one call. While a writer is busy the
next group gathers, so groups grow with the load and a lone caller waits for nobody. The queue is bounded.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Generic, TypeVar

import structlog

from evistore.kernel import tracing
from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Misconfigured, Unavailable

Item = TypeVar("Item")
Receipt = TypeVar("Receipt")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may wait, and how much one transaction takes."""

    waiting: int = 20_000
    """Most items in the queue; a caller beyond it is turned away, unless the queue is empty."""
    group: int = 2_000
    """Most items of one transaction; a single caller with more gets a transaction alone."""
    joining: int = 100
    """How many items must wait before a writer works beside another: small groups in parallel cost more than one large one."""


@dataclass(slots=True, eq=False)
class _Caller(Generic[Item, Receipt]):
    items: Sequence[Item]
    answer: asyncio.Future[Sequence[Receipt]]
    place: tracing.Place | None
    """Where in a trace it waits."""


_Answers = list[tuple[_Caller[Item, Receipt], Sequence[Receipt] | Exception]]


class GroupCommit(Generic[Item, Receipt]):
    """A queue in front of a database, with its writers."""

    def __init__(
        self,
        database: Database,
        work: Callable[[Transaction, Sequence[Item]], Sequence[Receipt]],
        *,
        writers: int = 1,
        bounds: Bounds | None = None,
        observe: Callable[[int, float], None] = lambda _items, _seconds: None,
    ) -> None:
        """Store with *work*, which gives one receipt for each item, in order; tell *observe* of each commit: its items and how long it took."""
        self._database = database
        self._work = work
        self._bounds = bounds or Bounds()
        self._observe = observe
        self._writers = [threading.Thread(target=self._write, name=f"writer-{n}", daemon=True) for n in range(writers)]
        self._queue: deque[_Caller[Item, Receipt]] = deque()
        self._waiting = 0
        self._busy = 0
        self._stopping = False
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """Items that no writer has taken yet."""
        return self._waiting

    def start(self) -> None:
        """Let the writers begin."""
        for writer in self._writers:
            writer.start()

    def stop(self) -> None:
        """Take nothing more, store what waits, and end the writers."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for writer in self._writers:
            writer.join()

    async def store(self, items: Sequence[Item]) -> Sequence[Receipt]:
        """Wait until *items* are committed; their receipts, in order.

        Whoever stops waiting (a cancelled task) has its items stored or not: the sender may send them again.

        Raises:
            Unavailable: the queue is full, or the database does not answer.
        """
        caller: _Caller[Item, Receipt] = _Caller(items, asyncio.get_running_loop().create_future(), tracing.here())
        self._enqueue(caller)
        return await caller.answer

    def _enqueue(self, caller: _Caller[Item, Receipt]) -> None:
        with self._changed:
            if self._stopping:
                raise Unavailable("the server is going down", code="going-down")
            if self._waiting and self._waiting + len(caller.items) > self._bounds.waiting:
                raise Unavailable("more events arrive than the database takes", code="overloaded")
            self._queue.append(caller)
            self._waiting += len(caller.items)
            self._changed.notify()

    def _write(self) -> None:
        while callers := self._next_group():
            try:
                _deliver(self._stored(callers))
            finally:
                self._rest()

    def _next_group(self) -> list[_Caller[Item, Receipt]]:
        """Wait for callers and take the oldest, as many as go into one transaction; none at the end."""
        with self._changed:
            while True:
                self._changed.wait_for(self._worthwhile)
                if group := self._taken():
                    self._busy += 1
                    return group
                if self._stopping:
                    return []

    def _worthwhile(self) -> bool:
        return self._stopping or (self._waiting > 0 and (not self._busy or self._waiting >= self._bounds.joining))

    def _rest(self) -> None:
        with self._changed:
            self._busy -= 1
            self._changed.notify()

    def _taken(self) -> list[_Caller[Item, Receipt]]:
        group: list[_Caller[Item, Receipt]] = []
        size = 0
        while self._queue and (not group or size + len(self._queue[0].items) <= self._bounds.group):
            caller = self._queue.popleft()
            self._waiting -= len(caller.items)
            if not caller.answer.cancelled():
                group.append(caller)
                size += len(caller.items)
        return group

    def _stored(self, callers: Sequence[_Caller[Item, Receipt]]) -> _Answers[Item, Receipt]:
        """Store for *callers* together; when that fails for a reason of one of them, for each alone."""
        try:
            return self._committed(callers)
        except (Unavailable, Misconfigured) as fault:
            return [(caller, type(fault)(fault.message, code=fault.code)) for caller in callers]
        except Exception as error:  # whatever it is, it is told to the caller it belongs to
            if len(callers) == 1:
                return [(callers[0], error)]
            log.warning("a group was undone, each of its callers is stored alone", callers=len(callers), exc_info=error)
        return [answer for caller in callers for answer in self._stored([caller])]

    def _committed(self, callers: Sequence[_Caller[Item, Receipt]]) -> _Answers[Item, Receipt]:
        items = [item for caller in callers for item in caller.items]
        started = time.perf_counter()
        with _span(callers, len(items)):
            receipts = self._receipts(items)
        self._observe(len(items), time.perf_counter() - started)
        ends = list(accumulate(len(caller.items) for caller in callers))
        parts = pairwise([0, *ends])
        return [(caller, receipts[start:end]) for caller, (start, end) in zip(callers, parts, strict=True)]

    def _receipts(self, items: Sequence[Item]) -> Sequence[Receipt]:
        try:
            return self._transaction(items)
        except Unavailable as fault:
            if (
                fault.code != "database-busy"
            ):  # a deadlock or a server that was told to restart: once more is often enough
                raise
            return self._transaction(items)

    def _transaction(self, items: Sequence[Item]) -> Sequence[Receipt]:
        with self._database.transaction() as tx:
            return self._work(tx, items)


def _span(callers: Sequence[_Caller[Any, Any]], items: int) -> AbstractContextManager[object]:
    """A span below the first caller that is part of a trace, and linked to the others; nothing where none is."""
    first, *others = [one.place for one in callers if one.place is not None and one.place.flags & 1] or [None]
    if first is None:
        return nullcontext()
    told = {"db.operation.batch.size": items, "evistore.callers": len(callers)}
    return tracing.span("commit", "internal", told, parent=first, links=filter(None, others))


def _deliver(answers: _Answers[Item, Receipt]) -> None:
    """Wake all callers at once: each call into another thread's loop costs a system call."""
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        answers[0][0].answer.get_loop().call_soon_threadsafe(_settle, answers)


def _settle(answers: _Answers[Item, Receipt]) -> None:
    for caller, result in answers:
        if caller.answer.done():
            continue
        if isinstance(result, Exception):
            caller.answer.set_exception(result)
        else:
            caller.answer.set_result(result)
