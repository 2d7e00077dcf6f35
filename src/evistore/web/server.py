"""The listening server: uvicorn with httptools and uvloop (docs/decisions/0006-http-server.md)."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn

from evistore.kernel.errors import Misconfigured
from evistore.web.shell import Shell
from evistore.web.streams import LEAVING_SECONDS, MARK
from evistore.web.tls import Certificate

Started = Callable[[str], None]
_BACKLOG = 2048
_KEEP_ALIVE_SECONDS = 75


class _Server(uvicorn.Server):
    """A server that says when it listens, and whose caller goes on after it was told to stop."""

    def __init__(self, config: uvicorn.Config, shell: Shell, started: Started, url: str, leaving: float) -> None:
        super().__init__(config)
        self._shell, self._tell, self._url, self._leaving = shell, started, url, leaving
        self._leaves_at: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell(self._url)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  # so it is called
        """Say at once that we go, and stop when those who send requests had time to hear of it; the next signal ends the process where it stands."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        self._leaves_at = time.monotonic() + self._leaving
        self._shell.end()

    async def on_tick(self, counter: int) -> bool:
        if self._leaves_at is not None and time.monotonic() >= self._leaves_at:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(2 * LEAVING_SECONDS, self._cut)
        await super().shutdown(sockets)

    def _cut(self) -> None:
        """Let go of those who do not read the end of a stream: the server would wait for them."""
        connections: list[Any] = list(self.server_state.connections)
        for connection in connections:
            cycle = getattr(connection, "cycle", None)
            if cycle is not None and MARK in cycle.scope.get("state", {}):
                connection.transport.abort()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Stop in order at SIGTERM and SIGINT. Unlike uvicorn's own, does not kill the process afterwards."""
        former = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def listen(
    app: Shell,
    *,
    host: str,
    port: int,
    drain_seconds: float,
    leaving_seconds: float = 0.0,
    certificate: Certificate | None = None,
    started: Started = lambda _: None,
) -> None:
    """Serve *app* until SIGTERM or SIGINT, then answer what was begun, for at most *drain_seconds*. With a *certificate* it is HTTPS.

    For the main thread.

    For *leaving_seconds* after the signal requests are still taken while ``/ready`` says no. A second signal ends the process at once. *started*
    hears the URL once the address takes connections; port 0 becomes one that is free.

    Raises:
        Misconfigured: nobody may listen there, or somebody does already.
    """
    with _bound(host, port) as listener:
        config = uvicorn.Config(
            app,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # nothing here depends on who the client is or how it came; whoever can reach us could write them
            ssl_context_factory=(lambda _config, _default: certificate.context) if certificate else None,
            reset_contextvars=True,  # a kept connection's next request has names of its own
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=max(1, round(drain_seconds)),
        )
        server = _Server(config, app, started, _url(listener, "https" if certificate else "http"), leaving_seconds)
        server.run(sockets=[listener])
        if not server.started:
            raise Misconfigured("the server did not start; its log says why", code="http-start")


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        raise Misconfigured(
            f"cannot listen on {host}:{port}: {error.strerror or error}", code="http-address"
        ) from error


def _url(listener: socket.socket, scheme: str) -> str:
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
