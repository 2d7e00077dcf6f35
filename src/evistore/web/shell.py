"""What every request passes through, whoever answers it: a name, bounds of size and time, security headers, a measurement, and one shape of errors.

The shell is plain ASGI around the application. Doors that must be fast are called by it directly: the framework's own layers would halve their rate.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evistore.kernel.errors import Fault, Misconfigured, Rejected, Unavailable
from evistore.web import journal
from evistore.web.bodies import Body
from evistore.web.paths import cleaned
from evistore.web.problems import problem_of
from evistore.web.telemetry import Telemetry

Door = Callable[[Request], Awaitable[Response]]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_SECURITY = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one request."""

    body: int
    """Bytes, as sent and as unpacked."""
    seconds: float
    """From the head of the request to the head of the answer."""


class Shell:
    """An application behind the shell."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: Limits,
        telemetry: Telemetry,
        direct: Mapping[tuple[str, str], Door] | None = None,
        mounts: Mapping[str, ASGIApp] | None = None,
        ends: Sequence[Callable[[], None]] = (),
    ) -> None:
        """Pass requests to *app*, except those whose method and path stand in *direct*, or whose path lies below one in *mounts*.

        *ends* are called by :meth:`end`.
        """
        self._app = app
        self._limits = limits
        self._telemetry = telemetry
        self._direct = dict(direct or {})
        self._mounts = dict(mounts or {})
        self._ends = list(ends)
        self._ending = False

    def also_ends(self, end: Callable[[], None]) -> None:
        """Let :meth:`end` call *end*, too."""
        self._ends.append(end)

    def end(self) -> None:
        """The server is about to stop: answers without an end of their own end, and connections are not kept. May be called from a signal handler."""
        self._ending = True
        for end in self._ends:
            end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on what is none."""
        if scope["type"] == "http":
            app, exchange = (
                self._behind(scope["path"]),
                _Exchange(scope, receive, send, self._limits, leaving=self._ending),
            )
            await exchange.told(app, self._direct, self._telemetry)
        else:
            await self._app(scope, receive, send)

    def _behind(self, path: str) -> ASGIApp:
        """The application for *path*; a mounted one also where the path means its prefix but spells it otherwise."""
        if self._mounts:
            clean = cleaned(path)
            for prefix, app in self._mounts.items():
                if clean.startswith(prefix) or f"{clean}/" == prefix:
                    return app
        return self._app


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limits: Limits, *, leaving: bool) -> None:
        self._leaving = leaving
        self._scope = scope
        self._send = send
        self._limits = limits
        self._body = Body(scope, receive, limits.body)
        self._timed = True
        self._request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = self._request_id

    async def told(self, app: ASGIApp, direct: Mapping[tuple[str, str], Door], telemetry: Telemetry) -> None:
        """Answer by *app* or a direct door, and tell log and *telemetry* of it."""
        began, method = time.perf_counter(), self._scope["method"]
        with journal.told(self._scope, self._request_id) as self._entry:
            try:
                await self._run(app, direct.get((method, self._scope["path"])))
            finally:
                self._entry.status = (
                    self._entry.status or 499
                )  # nobody was there to see an answer; the number is the customary one
                route, seconds = self._route(direct), time.perf_counter() - began
                telemetry.request(method, route, self._entry.status, seconds)
                self._entry.end(method, route, seconds)

    async def _run(self, app: ASGIApp, door: Door | None) -> None:
        """Let *app* or *door* answer, and turn what goes wrong into a problem."""
        try:
            async with asyncio.timeout(self._limits.seconds) as self._patience:
                await self._answered(app, door)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001  # the outermost door
            await self._failed(error)

    async def _answered(self, app: ASGIApp, door: Door | None) -> None:
        if door is None:
            return await app(self._scope, self._body.receive, self._sent)
        response = await door(Request(self._scope, self._body.receive))
        return await response(self._scope, self._body.receive, self._sent)

    async def _failed(self, error: Exception) -> None:
        self._timed = False
        if isinstance(error, TimeoutError) and self._patience.expired():
            error = self._late()
        if isinstance(error, Misconfigured) or not isinstance(error, Fault | HTTPException):
            log.error("a request failed", path=self._scope["path"], exc_info=error)
        if not self._entry.status:
            response = problem_of(error, self._request_id)
            await response(self._scope, self._body.receive, self._sent)

    def _late(self) -> Fault:
        limit = f"{self._limits.seconds:g} s"
        if not self._body.complete:
            return Rejected(f"the request did not arrive within {limit}", code="request-slow")
        return Unavailable(
            f"no answer within {limit}; what was sent may have been stored, and sending it again does no harm",
            code="request-timeout",
        )

    async def _sent(self, message: Message) -> None:
        self._entry.sent(message)
        if message["type"] == "http.response.start":
            if self._timed:
                self._patience.reschedule(None)  # a stream may go on
            headers = [*message.get("headers", ()), *_SECURITY, (b"x-request-id", self._request_id.encode())]
            if not self._body.complete:
                await self._body.drain()
            if self._leaving or not self._body.complete:
                headers.append((b"connection", b"close"))
            message = {**message, "headers": headers}
        await self._send(message)

    def _route(self, direct: Mapping[tuple[str, str], Door]) -> str:
        if (self._scope["method"], self._scope["path"]) in direct:
            return self._scope["path"]
        return getattr(self._scope.get("route"), "path", "none")


def _request_id(scope: Scope) -> str:
    """The name the caller gave this request, if it is a decent one, or one of our own."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return value.decode()
    return secrets.token_hex(8)
