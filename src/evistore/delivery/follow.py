"""Followers of the feed within one process: one looks whether there is something new, all of them hear of it, each reads on where it stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import structlog

from evistore.delivery import feed
from evistore.delivery.feed import Batch, Place, Wanted
from evistore.kernel.database import Database
from evistore.kernel.desk import Desk
from evistore.kernel.errors import Fault

PAUSE_SECONDS = 0.5
QUIET_SECONDS = 15.0
"""After so long without an event a follower hears that there is none."""

_LOG = structlog.get_logger(__name__)
_Asked = tuple[Place, Wanted]


class Follow:
    """The feed of one database, followed. For one event loop, after :meth:`life` was entered."""

    def __init__(self, database: Database, ended: asyncio.Event) -> None:
        """Follow the feed of *database* until *ended*. While nobody follows, nothing is asked."""
        self._desk = Desk(database, size=2)
        self._ended = ended
        self._news = asyncio.Event()
        self._newest: Place | None = None
        self._followers = 0
        self._shared: dict[_Asked, asyncio.Task[Batch]] = {}

    @asynccontextmanager
    async def life(self) -> AsyncGenerator[None]:
        """Look for what is new meanwhile."""
        self._desk.start()
        looking = [asyncio.create_task(one) for one in (self._look(), self._wake())]
        try:
            yield
        finally:
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)
            await asyncio.to_thread(self._desk.stop)

    async def begin(self, position: int | None) -> Place:
        """The place behind the event at *position*; ``None``: behind the last one.

        Raises:
            Unavailable: the database does not answer.
        """
        return await self._desk.ask(lambda tx: feed.place_of(tx, position))

    async def batches(self, place: Place, wanted: Wanted) -> AsyncGenerator[Batch]:
        """What follows *place* and is *wanted*, as it comes, until the end; one without events when it is quiet.

        A database that is away is waited for.
        """
        self._followers += 1
        try:
            yield Batch([], place, is_end=True)
            clock = asyncio.get_running_loop().time
            until = clock() + QUIET_SECONDS
            while not self._ended.is_set():
                news = self._news
                batch = await self._read(place, wanted)
                place = batch.place if batch else place
                if (batch and batch.events) or clock() >= until:  # a rare filter is quiet while others hear a lot
                    yield batch or Batch([], place, is_end=True)
                    until = clock() + QUIET_SECONDS
                elif batch is None or batch.is_end:
                    await _heard(news, until - clock())
        finally:
            self._followers -= 1

    async def _read(self, place: Place, wanted: Wanted) -> Batch | None:
        """What follows *place*; ``None`` while the database is away. Those who stand at one place ask once."""
        if self._newest is not None and place >= self._newest:
            return None
        task = self._shared.get((place, wanted))
        if task is None or task.done():
            task = asyncio.create_task(self._desk.ask(lambda tx: feed.after(tx, place, wanted)))
            self._shared[place, wanted] = task
            task.add_done_callback(lambda done: self._forget((place, wanted), done))
        with suppress(Fault):
            return await asyncio.shield(task)
        return None

    def _forget(self, asked: _Asked, done: asyncio.Task[Batch]) -> None:
        if self._shared.get(asked) is done:
            del self._shared[asked]
        if not done.cancelled():
            done.exception()  # whoever still waits is told; if nobody does, it is no news

    async def _look(self) -> None:
        complained = False
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            if not self._followers:
                self._newest = None
                continue
            try:
                newest = await self._desk.ask(feed.newest)
            except Fault as fault:
                if not complained:
                    _LOG.warning("feed-waits", code=fault.code, why=fault.message)
                complained = True
                continue
            complained = False
            if newest != self._newest:
                self._newest = newest
                self._tell()

    async def _wake(self) -> None:
        await self._ended.wait()
        self._tell()

    def _tell(self) -> None:
        self._shared.clear()  # what was asked before may not have seen it
        former, self._news = self._news, asyncio.Event()
        former.set()


async def _heard(news: asyncio.Event, seconds: float) -> None:
    """Wait for *news*, at most so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await news.wait()
