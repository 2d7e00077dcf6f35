"""A TCP proxy on loopback that breaks on demand: it refuses, resets, says nothing any more, swallows answers, or is slow."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from fixtures.brokers import free_ports

Target = tuple[str, int] | Path
"""An address, or the socket of a server in the file system."""
_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Stands before *target* from the start to the end of the block. Safe to command from any thread."""

    def __init__(self, target: Target) -> None:
        self.target = target
        (self.port,) = free_ports(1)  # one that it gets again
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._begin)
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def refuse(self) -> None:
        """Nobody listens any more, and who was connected is cut off."""
        self._do(self._close)
        self.reset()

    def stall(self) -> None:
        """Everything is taken and nothing passed on, in neither direction; connections stay open, new ones are accepted."""
        self._do(self._shut, self._upward, self._downward)

    def swallow(self) -> None:
        """What clients say arrives; they hear no answer."""
        self._do(self._shut, self._downward)

    def slow(self, seconds: float) -> None:
        """Every piece waits for *seconds*."""
        self._delay = seconds

    def reset(self) -> None:
        """Cut all connections with a reset; new ones are served."""
        self._do(self._cut)

    def heal(self, *, cutting: bool = True) -> None:
        """Serve as ever. Connections from before are cut first, unless not *cutting*: then what was held up goes on."""
        if cutting:
            self.reset()
        self._do(self._open)

    def _do(self, work: Callable[..., Coroutine[Any, Any, None]], *words: Any) -> None:
        asyncio.run_coroutine_threadsafe(work(*words), self._loop).result(10)

    async def _begin(self) -> None:
        self._upward, self._downward = asyncio.Event(), asyncio.Event()
        await self._open()

    async def _open(self) -> None:
        self._delay = 0.0
        self._upward.set()
        self._downward.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=512)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _end(self) -> None:
        await self._close()
        await self._cut()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _shut(self, *gates: asyncio.Event) -> None:
        for gate in gates:
            gate.clear()

    async def _cut(self) -> None:
        for one in [writer for pair in self._pairs for writer in pair]:
            _abort(one)

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        try:
            from_server, server = await self._connected()
        except OSError:
            _abort(client)
            return
        pair = (client, server)
        self._pairs.add(pair)
        pumps = [
            asyncio.create_task(self._pump(reader, server, self._upward)),
            asyncio.create_task(self._pump(from_server, client, self._downward)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            return  # the end of the block
        finally:
            for task in pumps:
                task.cancel()
            self._pairs.discard(pair)
            for writer in pair:
                writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.target, Path):
            return await asyncio.open_unix_connection(self.target)
        return await asyncio.open_connection(*self.target)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, gate: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if self._delay:
                    await asyncio.sleep(self._delay)
                await gate.wait()
                sink.write(data)
                await sink.drain()


def _abort(writer: asyncio.StreamWriter) -> None:
    """End a connection at once, so that the other side hears of a reset."""
    one = writer.get_extra_info("socket")
    if one is not None and one.family != socket.AF_UNIX:
        with suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
