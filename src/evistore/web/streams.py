"""Answers without an end (``text/event-stream``): bounded in number and in memory, and no longer than somebody reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, contextmanager

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from evistore.kernel.errors import Unavailable

STALLED_SECONDS = 30.0
"""A reader that has not taken one piece in so long is let go; it comes back to where it was by the last id that it has."""
LEAVING_SECONDS = 0.5
"""How long a piece may still take once the server is ending."""
MARK = "endless"
"""What the state of such a request holds, for the server: it may cut the connection where nobody reads the end."""


class Streams:
    """How many streams there are, and whether they are to end. For one event loop, but for :meth:`end`."""

    def __init__(self, most: int) -> None:
        """Allow at most *most* streams at once."""
        self._most = most
        self._loop: asyncio.AbstractEventLoop | None = None
        self.open = 0
        self.ended = asyncio.Event()

    @contextmanager
    def one(self) -> Generator[None]:
        """One stream more, until the end of the block.

        Raises:
            Unavailable: there are as many as may be, or the server is ending.
        """
        self._loop = asyncio.get_running_loop()
        if self.ended.is_set():
            raise Unavailable("the server is ending", code="going-down")
        if self.open >= self._most:
            raise Unavailable(f"there are {self._most} streams already", code="streams-full")
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1

    def end(self) -> None:
        """Let all streams end, from any thread and from a signal handler; the server is about to stop."""
        if self._loop is None:
            self.ended.set()  # nobody waits for it: there was no stream yet
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.ended.set)


class EventStream(Response):
    """A response whose pieces come when there is something to tell. It ends with its pieces, with its reader, or with the server."""

    media_type = "text/event-stream"

    def __init__(self, pieces: AsyncGenerator[bytes], streams: Streams) -> None:
        """Send *pieces* until they end, and as one of *streams*."""
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._pieces = pieces
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until one of them ends it."""
        with self._streams.one():
            scope.setdefault("state", {})[MARK] = True
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            tasks = [asyncio.create_task(one) for one in (self._send(send), _gone(receive), self._leave())]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        sending = tasks[0]
        if sending.cancelled() or isinstance(sending.exception(), TimeoutError):
            raise ClientDisconnect
        await sending

    async def _send(self, send: Send) -> None:
        async with aclosing(self._pieces) as pieces:
            async for piece in pieces:
                async with asyncio.timeout(STALLED_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _leave(self) -> None:
        await self._streams.ended.wait()
        await asyncio.sleep(LEAVING_SECONDS)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
